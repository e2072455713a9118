import ND2
import ND2TestSupport
import ND2Writer
import Testing

@Suite("Reading crafted files")
struct CraftedFilesReadingTests {
  @Test("Odd and damaged files open, and the frames that are left have their pixels")
  func all() throws {
    for crafted in try CraftedFile.all() {
      let file: ND2File
      do {
        file = try ND2File(reading: MemorySource(try crafted.bytes(), name: crafted.name))
      } catch {
        Issue.record("\(crafted.name) does not open: \(error)")
        continue
      }
      for (index, packed) in crafted.readableFrames {
        do {
          let frame = ArrayReadingTests.bytes(try file.readStoredFrame(index))
          #expect(frame == packed, "\(crafted.name), frame \(index)")
        } catch {
          Issue.record("\(crafted.name), frame \(index): \(error)")
        }
      }
    }
  }

  @Test("Every damage is reported")
  func reported() throws {
    for crafted in try CraftedFile.all() where !crafted.damage.isEmpty {
      let file = try ND2File(reading: MemorySource(try crafted.bytes()))
      for index in 0..<file.frameCount { _ = try? file.readStoredFrame(index) }
      #expect(!file.diagnostics.isEmpty, "\(crafted.name)")
    }
  }
}
