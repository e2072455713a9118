import ND2
import ND2TestSupport
import ND2Writer
import Testing

@testable import ND2Export

@Suite("Arrays from files")
struct ArrayExportTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ sample: SampleFile) throws -> ND2File {
    try sample.write(to: directory.file("in.nd2"), overwrite: true)
    return try ND2File(path: directory.file("in.nd2"))
  }

  @Test(
    "The array is what reading gives, for every order of loops and any number of threads",
    arguments: [
      [SampleFile.Loop.time(count: 2), .positions(count: 3), .zStack(count: 2)],
      [.positions(count: 3), .zStack(count: 2), .time(count: 2)], [.zStack(count: 4)], [],
    ])
  func equal(loops: [SampleFile.Loop]) throws {
    let file = try open(
      SampleFile(
        width: 13, height: 7, channels: [.init("a"), .init("b")], loops: loops))
    for (number, form) in ArrayExportOptions.Form.allCases.enumerated() {
      var options = ArrayExportOptions()
      options.form = form
      options.threadCount = number + 1
      let path = directory.file("out.\(form.rawValue)")
      let report = try file.writeArray(to: path, options: options)
      #expect(report.planeCount == file.frameCount * 2)
      let truth = try file.read()
      switch form {
      case .npy: #expect(try AnyNDArray(npy: path).npyBytes == truth.npyBytes)
      case .npz: #expect(try NumPyArchive(path: path)["pixels"].npyBytes == truth.npyBytes)
      case .raw: #expect(try directory.read("out.raw") == truth.withUnsafeBytes { Array($0) })
      }
    }
  }

  @Test("A cancelled export leaves nothing, and the progress reaches the end of others")
  func cancelled() async throws {
    let file = try open(SampleFile(width: 300, height: 200, loops: [.time(count: 6)]))
    var options = ArrayExportOptions()
    options.isCancelled = { true }
    let names = directory.fileNames
    for form in ArrayExportOptions.Form.allCases {
      options.form = form
      let request = options
      #expect(throws: CancellationError.self) {
        try file.writeArray(to: directory.file("out.bin"), options: request)
      }
    }
    #expect(directory.fileNames == names)
    let last = Lock<ExportProgress?>(nil)
    try await file.writeArray(to: directory.file("out.npy")) { step in
      last.withLock { $0 = step }
    }
    #expect(last.withLock { $0?.planeCount } == 6)
    #expect(last.withLock { $0?.share } == 1)
  }

  @Test("A file for each position and channel: every document knows where all planes are")
  func linked() throws {
    let file = try open(
      SampleFile(
        width: 12, height: 6, channels: [.init("a"), .init("b")],
        loops: [.time(count: 2), .positions(count: 2)]))
    var options = TIFFOptions()
    options.division = [.positions, .channels]
    let report = try file.writeTIFF(to: directory.file("out.ome.tif"), options: options)
    #expect(
      report.paths.map { $0.split(separator: "/").last ?? "" } == [
        "out_P0_C0.ome.tif", "out_P0_C1.ome.tif", "out_P1_C0.ome.tif", "out_P1_C1.ome.tif",
      ])
    #expect(report.planeCount == 8)
    for (index, path) in report.paths.enumerated() {
      let pages = TIFFReading.pages(path)
      #expect(pages.count == 2)
      for (time, page) in pages.enumerated() {
        let frame = try #require(
          file.loopLayout.frameIndex(at: [time, index / 2]))
        #expect(page.pixels == (try file.plane(frame, index % 2)))
      }
      for other in report.paths {
        let name = other.split(separator: "/").last ?? ""
        #expect(pages[0].description?.contains("FileName=\"\(name)\"") == true)
      }
    }
    var request = VerificationRequest(.omeTIFF)
    request.division = options.division
    #expect(try file.verifyExport(at: directory.file("out.ome.tif"), request).isEqual)
  }
}
