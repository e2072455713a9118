//! What users of the Python package nd2 write, in Swift.

import Foundation
import ND2
import ND2Writer

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
_ = FileManager.default.changeCurrentDirectoryPath(folder.path)
var sample = SampleFile.demo(width: 64, height: 48, times: 3, positions: 2, slices: 5)
sample.maskLayers = [
  .init(
    id: 1, name: "nuclei", masks: [0: .init(width: 64, height: 48) { x, _ in x < 8 ? 1 : 0 }]),
  .init(
    id: 2, name: "cytoplasm", masks: [4: .init(width: 64, height: 48) { _, y in y < 4 ? 7 : 0 }]),
]
sample.customChunks = [.init("CustomData|note!", Array("by hand".utf8))]
try sample.write(to: "cells.nd2")

func show(_ items: Any...) { print(items.map { "\($0)" }.joined(separator: " ")) }

// Reading in one line.
do {
  let pixels = try imread("cells.nd2")
  let lazy = try imread("cells.nd2", lazy: .frames)
  let labeled = try imread("cells.nd2", labeled: .squeezed)
  let both = try imread("cells.nd2", lazy: .frames, labeled: .squeezed)
  let strict = try imread("cells.nd2", options: options(strict: true))
  show("imread", pixels.sizes, lazy.sizes == both.sizes, labeled.values == strict)
}

func options(strict: Bool) -> ReadingOptions {
  var options = ReadingOptions()
  options.isStrict = strict
  options.searchWindow = 100_000
  return options
}

let file = try ND2File(path: "cells.nd2")

// snippet.with
do {
  let file = try ND2File(path: "cells.nd2")
  print(file.metadata.channels.count)
}  // closed here, as nothing refers to it any more
// snippet.end

// Attributes.
show("path", file.path.hasSuffix("/cells.nd2"))
show("shape", file.shape)
show("ndim", file.dimensionCount)
show("dtype", file.sampleType)
show("size", file.elementCount)
show("nbytes", file.lazyArray().byteCount)
show("sizes", file.sizes)
show("size of an axis", file.sizes[.time] ?? 1)
show("is_rgb", file.isRGB)
show("is_legacy", file.isLegacy)
show(
  "of a path", try ND2File.isSupported(path: "cells.nd2"), try ND2File.isLegacy(path: "cells.nd2"))
show("version", file.version)
show("components_per_channel", file.componentsPerChannel)
show("chunks", file.hasChunk("ImageMetadataLV!"), try file.chunk("CustomData|note").count)

// Arrays.
let array = try file.read()
do {
  let position = try file.read(ArraySelection(.position, 1))
  let named = try file.read(ArraySelection(.position, file.positionIndex(named: "Field 2")))
  let lazy = file.lazyArray()
  let labeled = try file.labeledArray()
  let complete = try file.labeledArray(axes: .all, position: 1)
  let lazyLabeled = try file.lazyLabeledArray()
  let frame = try file.readFrame(7)
  show("asarray", array.sizes, position == named, lazy.chunkShape)
  show("to_xarray", labeled.sizes, complete.sizes, lazyLabeled.sizes, frame.sizes)
}

// Arithmetic.
do {
  let pixels = array.as(UInt16.self)
  let plane = try array[.time, 0][.position, 0][.z, 2][.channel, 1]
  let crop = try plane[.y, 10..<30][.x, 10..<30]
  let brightest = try array.max(over: .z)
  let mean = try array.mean(over: .time, .z)
  let numbers = (array.max(), array.mean(), array.standardDeviation())
  let contrast = try array.percentiles([0.1, 99.9])
  let median = try array.median(over: .time)
  let histogram = try array.histogram(bins: 256, range: (0, 4096))
  let swapped = try array.moving(.channel, to: 0)
  let floats = try array.cast(to: .float32)
  let doubled = try array * 2
  let flat = try array.reshaped(to: [6, 5, 2, 48, 64])
  try plane.write(npy: "plane.npy")
  let back = try AnyNDArray(npy: "plane.npy", axes: [.y, .x])
  try NumPyArchive.write([(name: "plane", array: plane)], to: "planes.npz")
  let first = try NumPyArchive(path: "planes.npz")["plane"]
  show("arrays", pixels?.elements.count ?? 0, crop.shape, brightest.shape, mean.shape)
  show("numbers", numbers.0 ?? 0 > numbers.1, numbers.2 > 0, contrast[0] < contrast[1])
  show("median and histogram", median.shape, histogram.counts.count)
  show("more arrays", swapped.shape, floats.sampleType, doubled.sampleType, flat.shape)
  show("NumPy files", back == plane, first.shape)
}

// Labels.
do {
  let cells = try file.lazyLabeledArray()
  let gfp = try cells.sel(.channel, "GFP")
  let first = try cells.isel(.time, 0)
  let near = try cells.sel(.z, nearest: 1.5)
  let slab = try cells.sel(.z, 0.5...2.5)
  let names = try cells.coordinate(.channel).labels
  let projection = try gfp.max(over: .z).compute()
  show("labels", first.sizes, near.sizes, slab.sizes, names ?? [], projection.sizes)
}

// Metadata.
show("attributes", file.attributes.componentCount, file.attributes.bitsPerComponentSignificant)
let channel = file.metadata.channels[0]
show("channel", channel.channel.name, channel.channel.color.hex)
show("wavelengths", channel.channel.emissionLambdaNm ?? 0, channel.channel.excitationLambdaNm ?? 0)
show("microscope", channel.microscope.objectiveMagnification ?? 0, channel.microscope.modalityFlags)
show("volume", channel.volume.axesCalibration, channel.volume.voxelCount)
do {
  let frame = try file.frameMetadata(0)
  let position = try file.framePosition(0).stagePositionUm
  let time = try file.frameTime(0).relativeTimeMs
  show("frame_metadata", frame.channels[0].position.name ?? "", position.x, time)
}
show("loop_indices", file.coordinates(ofFrame: 7).map { "\($0.axis)\($0.index)" })
for loop in file.experiment {
  switch loop {
  case .time(let time): show(time.parameters.periodMs)
  case .xyPositions(let positions): show(positions.parameters.points.map { $0.name ?? "" })
  case .zStack(let stack): show(stack.parameters.stepUm)
  default: show(loop.type.name, loop.count)
  }
}
show("text_info", file.textInfo.description?.count ?? 0, file.textInfo.date ?? "")
show("voxel_size", file.voxelSize.z)
show("JSON", try JSONValue(encoding: file.voxelSize).text())

// Regions.
let rois = try file.rois()
if let roi = rois[id: 1] {
  show("roi", rois.count, roi.info.label, roi.info.shape, roi.animationParameters[0].centerX)
}

// Masks.
let layers = try file.binaryLayers()
do {
  let layer = layers[0]
  let mask = try file.mask(of: layer, frame: 0)
  let stack = try file.maskArray(of: layer)
  let arrays = try layers.compactMap { try file.maskArray(of: $0)?.erased }
  let all = try AnyNDArray.stacked(arrays, along: "layer")
  let objects = try file.maskObjects(of: layer, frame: 0)?.objects
  for layer in layers { show(layer.name, layer.fileTag) }
  show("masks", layers.count, mask?.labels.count ?? 0, stack?.sizes ?? [:], all.sizes)
  show("objects", objects?.count ?? 0)
}

// Events.
let events = try file.events()
do {
  let records = events.json(.records)
  let list = events.json(.list)
  let dict = events.json(.dict, null: .null)
  let column = events["Time [s]"]?.doubles
  let csv = events.text(.csv)
  show("events", records.elements.count, list.members.count, dict.members.count)
  show("columns", column?.count ?? 0, csv.utf8.count > 1000, events.events.count)
  show("happened", try file.experimentEvents().map(\.description))
}

// The rest.
do {
  let everything = try file.unstructuredMetadata()
  let raw = try file.unstructuredMetadata(strippingPrefixes: false)
  let tree = try file.metadataTree(ofChunk: "ImageAttributesLV!")
  let custom = try file.customData()
  let jobs = try file.jobs()
  show("unstructured", everything.members.count == raw.members.count, tree.fields.count > 0)
  show("custom", custom.members.count, jobs?.name ?? "no JOBS")
}

// The reader of the fork.
do {
  let (t, c, z, s) = (0, 1, 2, 1)
  let box = ArraySelection(.time, t).with(.position, s).with(.channel, c)
  let frame = try file.read(box.with(.z, z)).squeezed()
  let stack = try file.read(box).squeezed()
  let crop = try file.read(box.with(.z, 1..<4).with(.y, 5..<15).with(.x, 5..<15)).squeezed()
  let fiveAxes = try file.lazyLabeledArray(axes: .all, position: s).values
    .squeezed(.position).transposed(.time, .channel, .z, .y, .x)
  show("fork", frame.shape, stack.shape, crop.shape, fiveAxes.shape)

  let names = file.metadata.channels.map(\.channel.name)
  let index = names.firstIndex(of: "GFP")
  let voxel = (file.voxelSize.z, file.voxelSize.y, file.voxelSize.x)
  let times = try file.coordinate(.time)?.numbers
  let places = try file.positionsTable()
  show("fork", names, index ?? -1, voxel, times ?? [], file.positionLabels.count)
  show("places", places["X [µm]"]?.doubles ?? [], places["Y [µm]"]?.doubles ?? [])

  let lazy = file.lazyArray()
  let projection = try lazy[.time, 0][.channel, 0].max(over: .z).compute()
  let tiled = try file.lazyArray(chunkSizes: [.y: 16, .x: 16])
  show("fork", projection.shape, tiled.chunkShape)
}

try FileManager.default.removeItem(at: folder)
