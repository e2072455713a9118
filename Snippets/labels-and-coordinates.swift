//! Arrays that know what their elements stand for.

import Foundation
// snippet.labels
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

let cells = try imread("cells.nd2", lazy: .frames, labeled: .squeezed)
print(try cells.coordinate(.channel).labels ?? [])  // ["DAPI", "GFP"]
print(try cells.coordinate(.z).numbers ?? [])  // [0.0, 0.8, 1.6, 2.4000000000000004, 3.2]
print(try cells.coordinate(.z).unit)  // µm
print(try cells.coordinate(.time).unit)  // ms
// snippet.end

// snippet.names
let gfp = try cells.sel(.channel, "GFP")
let second = try gfp.sel(.position, "Field 2")
let both = try cells.sel(.channel, ["GFP", "DAPI"])
print(second.sizes)  // T 3 × Z 5 × Y 48 × X 64
print(try both.coordinate(.channel).labels ?? [])  // ["GFP", "DAPI"]
print(second.scalars[.channel]?.text(at: 0) ?? "")  // GFP
// snippet.end

// snippet.values
let middle = try second.sel(.z, nearest: 1.5)
let thick = try second.sel(.z, 0.5...2.5)
let close = try second.sel(.z, nearest: 1.5, tolerance: 0.2)
let bottom = try second.sel(.z, 0.0)
print(middle.sizes)  // T 3 × Y 48 × X 64
print(thick.sizes)  // T 3 × Z 3 × Y 48 × X 64
print(close.scalars[.z]?.numbers ?? [])  // [1.6]
print(bottom.scalars[.z]?.unit ?? "")  // µm
// snippet.end

// snippet.errors
do {
  _ = try cells.sel(.channel, "RFP")
} catch let error as ND2Error {
  print(error.message)  // axis C has no 'RFP', but DAPI, GFP
}
// snippet.end

// snippet.indices
let first = try cells.isel(.time, 0)
let odd = try cells.isel(.z, 1..., by: 2)
let corner = try cells.isel([.time: 0, .y: .range(..<10), .x: .range(..<10)])
print(first.sizes)  // P 2 × Z 5 × C 2 × Y 48 × X 64
print(odd.sizes)  // T 3 × P 2 × Z 2 × C 2 × Y 48 × X 64
print(corner.sizes)  // P 2 × Z 5 × C 2 × Y 10 × X 10
// snippet.end

// snippet.compute
let projection = try second.max(over: .z)
let picture = try projection.compute()
print(picture.sizes)  // T 3 × Y 48 × X 64
print(picture.values.sampleType)  // uint16
print(picture.attributes?.metadata.channels.count ?? 0)  // 2
// snippet.end

// snippet.squeezing
let squeezed = try imread("colours.nd2", lazy: .frames, labeled: .squeezed)
let complete = try imread("colours.nd2", lazy: .frames, labeled: .all)
print(squeezed.sizes)  // Y 48 × X 64 × S 3
print(complete.sizes)  // P 1 × C 1 × Y 48 × X 64 × S 3
// snippet.end

// snippet.file
let file = try ND2File(path: "cells.nd2")
let oneField = try file.lazyLabeledArray(position: 1)
let times = try file.coordinate(.time)
print(oneField.sizes)  // T 3 × Z 5 × C 2 × Y 48 × X 64
print(times?.numbers ?? [])  // [0.0, 10000.5, 20001.0]
// snippet.end

// snippet.make
let values = try AnyNDArray(zeros: [.channel: 2, .y: 3, .x: 3], sampleType: .float32)
let own = try LabeledArray(
  values, coordinates: [.channel: Coordinate(.labels(["raw", "smooth"]))])
print(try own.sel(.channel, "smooth").shape)  // [3, 3]
// snippet.end

try FileManager.default.removeItem(at: folder)
