//! Opening a file, asking what is in it, and reading pixels.

import Foundation
// snippet.open
import ND2
// snippet.hide
import ND2Writer
import Synchronization

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
_ = FileManager.default.changeCurrentDirectoryPath(folder.path)
try SampleFile.demo(width: 64, height: 48, times: 3, positions: 2, slices: 5)
  .write(to: "cells.nd2")
// snippet.show

let file = try ND2File(path: "cells.nd2")
print(file.sizes)  // T 3 × P 2 × Z 5 × C 2 × Y 48 × X 64
print(file.sampleType)  // uint16
print(file.frameCount)  // 30
// snippet.end

// snippet.describe
for channel in file.metadata.channels {
  let about = channel.channel
  print(about.name, about.color.hex, about.excitationLambdaNm ?? 0, about.emissionLambdaNm ?? 0)
  // DAPI #4060ff 395.0 460.0
  // GFP #3cff3c 475.0 525.0
}
for loop in file.experiment {
  print(loop.axis, loop.type.name, loop.count)
  // T TimeLoop 3
  // P XYPosLoop 2
  // Z ZStackLoop 5
}
print(file.positionLabels)  // ["Field 1", "Field 2"]
print(file.voxelSize.z)  // 0.8
print(file.acquisitionDate?.description.prefix(16) ?? "unknown")  // 2024-06-16T09:30
// snippet.end

// snippet.read
let everything = try file.read()
let box = ArraySelection(.time, 2).with(.channel, 0).with(.y, 10..<30).with(.x, 10..<30)
let part = try file.read(box)
print(everything.shape)  // [3, 2, 5, 2, 48, 64]
print(part.shape)  // [1, 2, 5, 1, 20, 20]
// snippet.end

// snippet.typed
let plane = try part[.time, 0][.position, 1][.channel, 0][.z, 2]
print(plane.sizes)  // Y 20 × X 20
if let pixels = plane.as(UInt16.self) {
  let corner = pixels[0, 0]
  let bright = pixels.withUnsafeElements { elements in elements.count { $0 > 100 } }
  print(corner <= 4095, bright <= 400)  // true true
}
// snippet.end

// snippet.numbers
let contrast = try part.percentiles([0.1, 99.9])
let histogram = try part.histogram(bins: 256, range: (0, 4096))
print(contrast[0] < contrast[1])  // true
print(histogram.total == part.count)  // true
print(part.mean() < part.max() ?? 0)  // true
// snippet.end

// snippet.frames
let frame = try file.readFrame(7)
print(frame.sizes)  // C 2 × Y 48 × X 64
print(file.coordinates(ofFrame: 7).map { "\($0.axis) \($0.index)" })  // ["T 0", "P 1", "Z 2"]
let position = try file.framePosition(7)
print(position.name ?? "", position.stagePositionUm.x)  // Field 2 1550.5
// snippet.end

// snippet.save
try plane.write(npy: "plane.npy")
print(try AnyNDArray(npy: "plane.npy", axes: [.y, .x]) == plane)  // true
// snippet.end

// snippet.errors
do {
  _ = try file.read(ArraySelection(.time, 3))
} catch let error as ND2Error where error.code == .invalidRequest {
  print(error.message)  // axis T has 3 elements; 3..<4 is outside 0..<3
}
for diagnostic in file.diagnostics { print(diagnostic) }
// snippet.end

// snippet.async
func brightest(inFrame index: Int, of path: String) async throws -> UInt16? {
  let file = try ND2File(path: path)
  let frame = try await file.readFrame(index)
  return frame.as(UInt16.self)?.max()
}
// snippet.end

/// Runs asynchronous code to its end.
func finish(_ body: @escaping @Sendable () async throws -> Void) throws {
  let done = DispatchSemaphore(value: 0)
  let failure = Mutex<(any Error)?>(nil)
  Task.detached {
    do { try await body() } catch { failure.withLock { $0 = error } }
    done.signal()
  }
  done.wait()
  if let error = failure.withLock({ $0 }) { throw error }
}

try finish {
  guard try await brightest(inFrame: 0, of: "cells.nd2") != nil else {
    throw ND2Error(.malformed, "no pixels")
  }
}

try FileManager.default.removeItem(at: folder)
