//! Reading files by their addresses: options, stacks, plans, virtual references, copies.

import Foundation
// snippet.open
import ND2
// snippet.hide
import ND2Export
// snippet.show
import ND2Remote
// snippet.hide
import ND2Writer

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
_ = FileManager.default.changeCurrentDirectoryPath(folder.path)
try SampleFile.demo(width: 64, height: 48, times: 3, positions: 2, slices: 5)
  .write(to: "cells.nd2")
let address = folder.appendingPathComponent("cells.nd2").absoluteString

/// All of it, where functions that wait can be called.
func read(_ address: String, token: String) async throws {
  // snippet.show
  let source = try RemoteSource(address)
  let file = try await ND2File(reading: source)
  print(file.sizes)  // T 3 × P 2 × Z 5 × C 2 × Y 48 × X 64
  // snippet.end

  // snippet.read
  let stack = try await file.readStack(t: 2, c: 1)
  print(stack.shape)  // [5, 48, 64]
  let box = StackCrop(z: 1..<4, y: 10..<30, x: 0..<32)
  print(try await file.readStack(t: 2, c: 1, crop: box).shape)  // [3, 20, 32]
  // snippet.end

  // snippet.blocking
  func frameCount(_ address: String) throws -> Int {
    try ND2File(reading: BlockingSource(RemoteSource(address))).frameCount
  }
  print(try frameCount(address))  // 30
  // snippet.end

  // snippet.options
  var options = RemoteOptions()
  options.headers = [("Authorization", "Bearer \(token)")]
  options.maxConcurrency = 32
  options.stallSeconds = 60
  options.certificateFile = "authority.pem"
  // snippet.end

  // snippet.credentials
  options.s3.region = "eu-central-1"
  options.s3.credentials = .init(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "never shown")
  options.gcs.isAnonymous = true
  options.azure.account = "images"
  print(options.s3.credentials?.secretAccessKey ?? "")  // …
  // snippet.end

  // snippet.plan
  let plan = try await file.plan(ArraySelection(.z, 2).with(.y, 0..<16))
  try plan.write(to: "plan.json")
  // Later, perhaps elsewhere:
  let saved = try PixelPlan(contentsOf: "plan.json")
  print(try await saved.read(from: RemoteSource(address)).shape)  // [3, 2, 1, 2, 16, 64]
  // snippet.end

  // snippet.references
  let references = try await file.zarrReferences()
  try references.write(to: "cells.json")
  print(references.arrayCount, references.shape)  // 2 [3, 5, 48, 64, 2]
  // snippet.end

  // snippet.download
  let report = try await FileDownload(from: source, to: "copy.nd2").run()
  print(report.byteCount == file.byteCount, report.resumedByteCount)  // true 0
  // snippet.end

  // snippet.errors
  do {
    _ = try RemoteSource("ftp://user:secret@example.org/cells.nd2")
  } catch let error as ND2Error {
    print(error.code)  // unsupported
  }
  // snippet.end
}

let ended = DispatchSemaphore(value: 0)
Task.detached {
  do { try await read(address, token: "0123") } catch { print("failed:", error) }
  ended.signal()
}
ended.wait()
try FileManager.default.removeItem(at: folder)
