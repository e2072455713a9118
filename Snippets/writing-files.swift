//! Writing ND2 files frame by frame, and reading them back.

import Foundation
// snippet.describe
import ND2
import ND2Writer

// snippet.hide

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
_ = FileManager.default.changeCurrentDirectoryPath(folder.path)
// snippet.show

var description = ND2FileDescription(
  width: 96, height: 64,
  channels: [
    .init("DAPI", color: .init(red: 64, green: 96, blue: 255), excitationNm: 395, emissionNm: 460),
    .init("GFP", color: .init(red: 60, green: 255, blue: 60), excitationNm: 475, emissionNm: 525),
  ],
  loops: [.time(count: 4, periodMs: 500), .zStack(count: 3, stepUm: 0.4)])
description.significantBitCount = 12
description.microscope.pixelSizeUm = 0.108
description.textInfo[.author] = "Ada"
description.recordedColumns = [.init(id: "CameraTemp1", description: "Temperature", unit: "°C")]
print(description.frameCount)  // 12
// snippet.end

// snippet.write
let writer = try ND2FileWriter(path: "made.nd2", description: description)
for frame in 0..<description.frameCount {
  let indices = description.loopIndices(ofFrame: frame)  // time, z
  var pixels = try NDArray<UInt16>(zeros: [.channel: 2, .y: 64, .x: 96])
  pixels.withUnsafeMutableElements { elements in
    for place in elements.indices { elements[place] = UInt16(place % 500 + 100 * indices[0]) }
  }
  let record = FrameRecord(
    timeMs: Double(indices[0]) * 500 + Double(indices[1]) * 40, xUm: 1200.5, yUm: -340.25,
    values: ["CameraTemp1": -20.5])
  try writer.append(pixels, record: record)
}
try writer.append(ND2FileDescription.Event(timeMs: 700, meaning: 7, description: "Drug added"))
try writer.finish()
// snippet.end

// snippet.read
let file = try ND2File(path: "made.nd2")
print(file.sizes)  // T 4 × Z 3 × C 2 × Y 64 × X 96
print(file.channelNames)  // ["DAPI", "GFP"]
print(file.voxelSize.x, file.textInfo.author ?? "")  // 0.108 Ada
print(try file.readFrame(9)[0, 0, 42])  // 342.0
print(try file.frameTimes()[4], file.diagnostics.count)  // 540.0 0
print(try file.events().events.map(\.description))  // ["Drug added"]
// snippet.end

// snippet.live
description.loops = [.openEndedTime(periodMs: 500), .zStack(count: 3, stepUm: 0.4)]
description.storage.compression = .lossless
let live = try ND2FileWriter(path: "live.nd2", description: description)
while live.writtenFrameCount < 15 {  // until someone stops the acquisition
  try live.append([UInt8](repeating: 1, count: 96 * 64 * 2 * 2))
}
try live.finish()
print(try ND2File(path: "live.nd2").sizes)  // T 5 × Z 3 × C 2 × Y 64 × X 96
// snippet.end

// snippet.order
description.loops = [.time(count: 2)]
let scattered = try ND2FileWriter(path: "scattered.nd2", description: description)
try scattered.append([UInt8](repeating: 2, count: 96 * 64 * 2 * 2), layout: .planar, at: 1)
try scattered.finish()
print(try ND2File(path: "scattered.nd2").isMissing(frame: 0))  // true
// snippet.end

// snippet.errors
let failing = try ND2FileWriter(path: "never.nd2", description: description)
do {
  try failing.append(NDArray<UInt16>(zeros: [.y: 64, .x: 95]))
} catch let error as ND2Error {
  print(error.message)
  // a frame is an array of uint16 of the shape (2, 64, 96) or (64, 96, 2); given: uint16 (Y 64, X 95)
}
failing.discard()
print(FileManager.default.fileExists(atPath: "never.nd2"))  // false
// snippet.end

try FileManager.default.removeItem(at: folder)
