//! Axes, their order, their sizes, and how parts of an array are taken.

import Foundation
// snippet.sizes
import ND2
// snippet.hide
import ND2Writer

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
_ = FileManager.default.changeCurrentDirectoryPath(folder.path)
try SampleFile.demo(width: 64, height: 48, times: 3, positions: 2, slices: 5)
  .write(to: "cells.nd2")
try SampleFile(width: 64, height: 48, sampleType: .uint8, channels: [.rgb()])
  .write(to: "colours.nd2")
// snippet.show

let file = try ND2File(path: "cells.nd2")
for element in file.sizes { print(element.axis, element.count, terminator: "  ") }
print()  // T 3  P 2  Z 5  C 2  Y 48  X 64
print(file.sizes[.z] ?? 1)  // 5
print(file.shape)  // [3, 2, 5, 2, 48, 64]
// snippet.end

// snippet.selection
let stack = try file.read(ArraySelection(.time, 0).with(.position, 1))
print(stack.sizes)  // T 1 × P 1 × Z 5 × C 2 × Y 48 × X 64
let squeezed = try stack.squeezed()
print(squeezed.sizes)  // Z 5 × C 2 × Y 48 × X 64
// snippet.end

// snippet.names
let plane = try squeezed[.z, 3]
let middle = try squeezed[.z, 1...3]
let coarse = try squeezed[.y, 0..., by: 4][.x, 0..., by: 4]
let upward = try squeezed[.z, 0..., by: -1]
let box = try squeezed.slicing([.channel: 0, .y: .range(10..<30), .x: .range(10..<40)])
print(plane.sizes)  // C 2 × Y 48 × X 64
print(middle.sizes)  // Z 3 × C 2 × Y 48 × X 64
print(coarse.sizes)  // Z 5 × C 2 × Y 12 × X 16
print(upward.sizes)  // Z 5 × C 2 × Y 48 × X 64
print(box.sizes)  // Z 5 × Y 20 × X 30
// snippet.end

// snippet.order
let channelsLast = try squeezed.transposed(.z, .y, .x, .channel)
let channelsFirst = try squeezed.moving(.channel, to: 0)
let withTime = try squeezed.inserting(.time, at: 0)
print(channelsLast.shape)  // [5, 48, 64, 2]
print(channelsFirst.shape)  // [2, 5, 48, 64]
print(withTime.sizes)  // T 1 × Z 5 × C 2 × Y 48 × X 64
// snippet.end

// snippet.numbers
let table = try NDArray<Float>([1, 2, 3, 4, 5, 6], shape: [2, 3])
print(table.sizes)  // dim_0 2 × dim_1 3
print(try table[axis: 1, 0].elements)  // [1.0, 4.0]
let image = try table.renamingAxes([.y, .x])
print(try image[.x, 0].elements)  // [1.0, 4.0]
// snippet.end

// snippet.matching
let background = try stack.squeezed().mean(over: .z)
let difference = try squeezed - background
print(background.sizes)  // C 2 × Y 48 × X 64
print(difference.sizes, difference.sampleType)  // Z 5 × C 2 × Y 48 × X 64 float64
// snippet.end

// snippet.colour
let photograph = try ND2File(path: "colours.nd2")
print(photograph.isRGB, photograph.sizes)  // true Y 48 × X 64 × S 3
let colours = try photograph.read()
let red = try colours[.sample, 0]
print(red.sizes)  // Y 48 × X 64
let asStored = try photograph.read(.all.with(.stored))
print(try asStored[.sample, 2] == red)  // true
// snippet.end

try FileManager.default.removeItem(at: folder)
