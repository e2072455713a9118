//! Arrays that read and compute only what is asked of them.

import Foundation
// snippet.lazy
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
let cells = file.lazyArray()
print(cells.sizes)  // T 3 × P 2 × Z 5 × C 2 × Y 48 × X 64
// snippet.end

// snippet.crop
let crop = try cells[.time, 1][.channel, 0][.y, 10..<30][.x, 10..<30]
print(crop.sizes)  // P 2 × Z 5 × Y 20 × X 20
let pixels = try crop.compute()
print(pixels.byteCount)  // 8000
// snippet.end

// snippet.projection
let projection = try cells.max(over: .z)
let overTime = try cells.mean(over: .time, .position)
let picture = try projection.compute()
print(picture.sizes)  // T 3 × P 2 × C 2 × Y 48 × X 64
print(overTime.sizes, overTime.sampleType)  // Z 5 × C 2 × Y 48 × X 64 float64
// snippet.end

// snippet.once
let brightness = try cells.cast(to: .float32)
let dapi = try brightness[.channel, 0]
let gfp = try brightness[.channel, 1]
let ratio = try (gfp - dapi) / (gfp + dapi + 1)
let ratios = try ratio.mean(over: .time, .position, .z).compute()
print(ratios.sizes)  // Y 48 × X 64
// snippet.end

// snippet.memory
let options = ComputeOptions(threadCount: 2, memoryByteCount: 64 << 20)
let frugal = try projection.compute(options)
print(frugal == picture)  // true
// snippet.end

// snippet.chunks
let tall = try file.lazyArray(chunkSizes: [.z: 5, .x: 32])
print(tall.chunkShape)  // [1, 1, 5, 2, 48, 32]
let wide = try tall.rechunked([.time: 3])
print(wide.chunkShape)  // [3, 1, 5, 2, 48, 32]
// snippet.end

// snippet.map
let inverted = try cells.mapBlocks(to: .uint16) { block in
  guard let values = block.as(UInt16.self) else { return block }
  return try values.map { 4095 - $0 }.erased
}
let brightest = try inverted.max().compute().scalar ?? 0
let darkest = try cells.min().compute().scalar ?? 0
print(brightest == 4095 - darkest)  // true
// snippet.end

// snippet.progress
let percent = Mutex(0)
_ = try projection.compute { done in
  percent.withLock { $0 = Int(done * 100) }
}
print(percent.withLock { $0 })  // 100
// snippet.end

// snippet.blocks
func frameMeans(of array: LazyArray) async throws -> [Double] {
  var means: [Double] = []
  for try await block in array.blocks() {
    means.append(block.array.mean())
  }
  return means
}
// snippet.end

// snippet.cancel
func project(_ array: LazyArray) -> Task<AnyNDArray, any Error> {
  Task { try await array.max(over: .z).compute() }
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
  let array = try ND2File(path: "cells.nd2").lazyArray()
  let means = try await frameMeans(of: array)
  print(means.count)  // 30
  print(try await project(array).value.count)
  let task = project(array)
  task.cancel()
  do { _ = try await task.value } catch is CancellationError {}
}

// snippet.source
/// Bytes that come from somewhere else, and are counted.
final class CountedBytes: ByteSource {
  let name = "cells.nd2, counted"
  let bytes: MemorySource
  let count = Mutex(0)

  init(_ bytes: [UInt8]) { self.bytes = MemorySource(bytes) }

  func byteCount() throws -> UInt64 { bytes.byteCount() }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
    count.withLock { $0 += buffer.count }
    try bytes.read(at: offset, into: buffer)
  }
}
// snippet.hide
let bytes = try SampleFile.demo(width: 64, height: 48, times: 3, positions: 2, slices: 5).bytes()
// snippet.show

let source = CountedBytes(bytes)
let remote = try ND2File(reading: source).lazyArray()
let before = source.count.withLock { $0 }
_ = try remote[.time, 0][.position, 0][.z, 0][.y, 0..<8].compute()
print(source.count.withLock { $0 } - before < bytes.count / 30)  // true
// snippet.end

try FileManager.default.removeItem(at: folder)
