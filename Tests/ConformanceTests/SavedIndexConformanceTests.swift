import ND2
import ND2TestSupport
import Testing

/// Opens the samples with a saved index of them.
@Suite(.enabled(if: SampleFiles.folder != nil, "needs the sample files"))
struct SavedIndexConformanceTests {
  /// Largest array that is compared.
  private static let mostArrayBytes = 32 << 20

  @Test("Samples say all they say from an index, and nothing but pixels is read")
  func samples() throws {
    var (count, fileBytes, indexBytes) = (0, UInt64(0), 0)
    for name in SampleFiles.names {
      guard let plain = try? SampleFiles.open(name) else { continue }
      let index = try SavedIndex(of: plain)
      let encoded = try index.encoded()
      let decoded = try SavedIndex(decoding: encoded)
      #expect(decoded == index, "\(name)")
      let isSound = !plain.diagnostics.contains { $0.severity != .note }
      let source = try FileSource(path: plain.path)
      let guarded = PixelsOnlySource(source, of: plain)
      let file =
        isSound
        ? try ND2File(reading: guarded, index: decoded)
        : try ND2File(reading: source, index: decoded)
      let (said, expected) = (try? file.everythingButPixels(), try? plain.everythingButPixels())
      #expect(said == expected, "\(name)")
      if isSound, index.isComplete { #expect(guarded.requestCount == 0, "\(name)") }
      let size = plain.elementCount.multipliedReportingOverflow(by: plain.sampleType.byteCount)
      if !size.overflow, size.partialValue <= Self.mostArrayBytes {
        #expect(try file.read() == plain.read(), "\(name)")
      } else {
        #expect(try file.readStoredFrame(0) == plain.readStoredFrame(0), "\(name)")
      }
      count += 1
      fileBytes += plain.byteCount
      indexBytes += encoded.count
    }
    print("saved indices: \(count) samples, \(indexBytes) bytes for \(fileBytes)")
    #expect(count > SampleFiles.names.count / 2)
  }
}
