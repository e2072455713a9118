/// Names of the chunks that the library reads (nd2-format §1.7). All end in `!`.
package enum ChunkName {
  /// The chunk map itself.
  package static let map = "ND2 FILEMAP SIGNATURE NAME 0001!"
  /// Closing entry of the map, and the text before the map's offset at the end of the file.
  package static let mapSignature = "ND2 CHUNK MAP SIGNATURE 0000001!"
  /// Prefix of the image chunks, followed by the frame's index.
  package static let framePrefix = "ImageDataSeq|"

  /// Image geometry: binary name first, XML name second.
  package static let attributes = ["ImageAttributesLV!", "ImageAttributes!"]
  /// Channels, microscope, calibration.
  package static let pictureMetadata = ["ImageMetadataSeqLV|0!", "ImageMetadataSeq|0!"]
  /// The experiment, whatever the name says.
  package static let experiment = ["ImageMetadataLV!", "ImageMetadata!"]
  /// Text fields.
  package static let textInfo = ["ImageTextInfoLV!", "ImageTextInfo!"]
  /// Calibration, a duplicate of what the picture metadata says.
  package static let calibration = ["ImageCalibrationLV|0!", "ImageCalibration|0!"]
  /// Recorded events: of old and of new files. What several of them hold is one list.
  package static let events = ["ImageEvents!", "ImageEventsLV!", experimentEvents]
  package static let experimentEvents = "CustomData|ExperimentEventsV1_0!"

  /// Time of every frame, f64 ms.
  package static let frameTimes = "CustomData|AcqTimesCache!"
  /// Regions of interest.
  package static let rois = "CustomData|RoiMetadata_v1!"
  /// Run-length masks: their description.
  package static let binaryLayers = "CustomDataVar|BinaryMetadata_v1!"
  /// Tiled raster masks: their description.
  package static let rasterLayers = "CustomData|BinaryMetadata_v2!"
  /// Description of the recorded data columns.
  package static let recordedData = "CustomDataVar|CustomDataV2_0!"
  /// Software identity.
  package static let applicationInfo = "CustomDataVar|AppInfo_V1_0!"
  /// The form that users fill in.
  package static let customDescription = "CustomData|CustomDescriptionV1_0!"
  /// Definition of a JOBS run, its description, its identity.
  package static let jobDefinition = "CustomData|JobDefinitionV1_0!"
  package static let jobDescription = "CustomData|JobDefinitionDescV1_0!"
  package static let jobRunGUID = "CustomData|JobRunGUIDV1_0!"
  /// Shape of a well plate, and which frame lies in which well.
  package static let wellPlate = "CustomData|WellPlateDesc_0!"
  package static let wellPlateJSON = "CustomData|WellPlateDescJSON_0!"
  package static let wellPlateFrames = "CustomData|WellPlateFrameInfoZJSON!"
  /// Prefix of data of one frame, and of free data in XML.
  package static let customSequencePrefix = "CustomDataSeq|"
  package static let customDataPrefix = "CustomData|"
  package static let customVariantPrefix = "CustomDataVar|"

  /// Name of the image chunk of a frame.
  package static func frame(_ index: Int) -> String { "\(framePrefix)\(index)!" }

  /// Index of the frame that an image chunk holds, or nil for other names.
  package static func frameIndex(_ name: String) -> Int? {
    var name = name
    return name.withUTF8 { bytes in
      guard let (index, end) = frame(in: bytes, at: 0), end == bytes.count else { return nil }
      return index
    }
  }

  /// The index of the frame whose image chunk is named at a position, and the position behind that
  /// name; nil when another name, or none, stands there.
  static func frame(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (index: Int, end: Int)? {
    let prefix: StaticString = "ImageDataSeq|"
    // The prefix, at least one digit, the closing mark.
    guard bytes.count - start >= 15, bytes[start] == UInt8(ascii: "I") else { return nil }
    for position in 1..<13 where bytes[start + position] != prefix.utf8Start[position] {
      return nil
    }
    var position = start + 13
    let mostDigits = min(bytes.count, position + 9)
    var index = 0
    while position < mostDigits, (0x30...0x39).contains(bytes[position]) {
      index = index &* 10 &+ Int(bytes[position] &- 0x30)
      position += 1
    }
    guard position > start + 13, position < bytes.count, bytes[position] == UInt8(ascii: "!") else {
      return nil
    }
    return (index, position + 1)
  }
}
