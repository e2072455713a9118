//! Recorded data, regions, positions and frames as tables.

import Foundation
// snippet.events
import ND2
// snippet.hide
import ND2Writer

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
_ = FileManager.default.changeCurrentDirectoryPath(folder.path)
try SampleFile.demo(width: 64, height: 48, times: 3, positions: 2, slices: 5)
  .write(to: "cells.nd2")
// snippet.show

let file = try ND2File(path: "cells.nd2")
let events = try file.events()
print(events.rowCount, events.columns.count)  // 32 13
let times = events["Time [s]"]?.doubles ?? []
let temperature = events["Camera 1 Temperature [°C]"]?.doubles ?? []
print(times.count, temperature.count)  // 32 32
for event in events.events { print(event.timeMs, event.description) }
// 0.0 Experiment started
// 11064.0225 Medium added
// snippet.end

// snippet.others
let positions = try file.positionsTable()
let frames = try file.framesTable()
let regions = try file.roisTable()
print(positions.titles)  // ["P Index", "Position Name", "X [µm]", "Y [µm]", "Z [µm]", "PFS Offset"]
print(frames.rowCount)  // 30
print(regions["Label"]?.strings ?? [])  // [Optional("cell"), Optional("background")]
// snippet.end

// snippet.rows
let field1 = frames.filter { $0["P Index"] == .integer(0) && $0["Z Index"] == .integer(2) }
let latest = try field1.sorted(by: "Time [s]", descending: true)
let short = try latest.selecting(["Index", "Time [s]", "Z [µm]"])
for row in short.rows { print(row["Index"]?.int ?? -1, terminator: " ") }
print()  // 22 12 2
// snippet.end

// snippet.text
print(try positions.selecting(["Position Name", "X [µm]", "Y [µm]"]).text(.csv, lineEnd: .lf))
// Position Name,X [µm],Y [µm]
// Field 1,1200.5,-340.25
// Field 2,1550.5,-220.25
print(positions.text(.tsv, includingHeader: false).split(separator: "\n").count)  // 2
print(positions)
// snippet.end

// snippet.json
let records = positions.json(.records)
let columns = positions.json(.list)
print(records.elements[1]["Position Name"]?.string ?? "")  // Field 2
print(columns["X [µm]"]?.text() ?? "")  // [1200.5,1550.5]
// snippet.end

// snippet.make
var table = try Table([
  .init("Cell", integers: [1, 2]), .init("Area", unit: "µm²", doubles: [81.5, nil]),
])
try table.append(.init("Note", strings: ["round", "at the border"]))
print(table)
// Cell  Area [µm²]  Note
//    1        81.5  round
//    2              at the border
// 2 rows × 3 columns
// snippet.end

try FileManager.default.removeItem(at: folder)
