import ND2
import ND2Writer
import Testing

@testable import ND2Commands

@Suite("nd2 ome")
struct OMECommandTests {
  @Test("The document goes to stdout, or whole into a file")
  func output() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    let run = CommandRun("ome", path)
    #expect(run.status == .done)
    #expect(run.output.hasPrefix("<?xml"))
    #expect(run.output.hasSuffix("</OME>\n"))
    #expect(run.errors.isEmpty)
    let target = folder.path("out.ome.xml")
    #expect(CommandRun("ome", path, "-o", target).status == .done)
    #expect(try folder.bytes("out.ome.xml") == Array(run.output.utf8))
    #expect(CommandRun("ome", path, "-o", target).status == .failed)
    #expect(CommandRun("ome", path, "-o", target, "--overwrite").status == .done)
    #expect(CommandRun("ome", path, "-o", path, "--overwrite").status == .failed)
  }

  @Test("Positions are chosen by range or by name")
  func positions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.saveDemo()
    func images(_ arguments: String...) -> Int {
      CommandRun(["ome", path] + arguments).lines.count { $0.contains("<Image ") }
    }
    #expect(images() == 2)
    #expect(images("--position", "1") == 1)
    let name = try #require(try ND2File(path: path).positionLabels.first)
    #expect(images("--position", name) == 1)
    #expect(CommandRun("ome", path, "--position", "2").status == .failed)
    #expect(CommandRun("ome", path, "--position", "nowhere").status == .failed)
  }

  @Test("Planes, regions and the unstructured metadata are chosen by flags")
  func flags() throws {
    let folder = try TemporaryFolder()
    var sample = SampleFile(width: 8, height: 8, loops: [.time(count: 2)])
    sample.regions = [.init(id: 1, shape: 3, sizeX: 1, sizeY: 1)]
    let path = try folder.save(sample)
    let plain = CommandRun("ome", path).output
    #expect(plain.contains("<Plane "))
    #expect(plain.contains("<ROI "))
    #expect(!plain.contains("<MapAnnotation"))
    let bare = CommandRun("ome", path, "--no-planes", "--no-rois").output
    #expect(!bare.contains("<Plane "))
    #expect(!bare.contains("ROI"))
    #expect(CommandRun("ome", path, "--unstructured").output.contains("<MapAnnotation"))
  }
}
