import ND2
import ND2Codecs
import ND2Format

/// The chunks of a JOBS run (nd2-format §3.13).
enum JobChunks {
  static func chunks(_ job: ND2FileDescription.Job) throws -> [ND2FileDescription.CustomChunk] {
    var chunks: [ND2FileDescription.CustomChunk] = []
    if let guid = job.runGUID {
      chunks.append(
        .init(ChunkName.jobRunGUID, [UInt8](littleEndian: Array(guid.utf16) + [0])))
    }
    if let description = job.description {
      chunks.append(.init(ChunkName.jobDescription, LiteVariantEncoder.encode(description)))
    }
    let definition = LiteVariantEncoder.encode(job.definition)
    chunks.append(
      .init(
        ChunkName.jobDefinition,
        job.isCompressed ? try LiteVariantEncoder.compress(definition) : definition))
    return chunks
  }
}

/// The chunks of a well plate (nd2-format §3.14).
enum PlateChunks {
  static func chunks(
    _ plate: ND2FileDescription.WellPlate
  ) throws -> [ND2FileDescription.CustomChunk] {
    let description = MetadataField(
      "PlateDesc",
      .object([
        "name": .string(plate.name),
        "rows": .count(plate.rows),
        "columns": .count(plate.columns),
        "rowNaming": .string(plate.rowNaming),
        "columnNaming": .string(plate.columnNaming),
      ]))
    let frames = plate.wells.enumerated().map { frame, well -> JSONValue in
      [
        "plateIndex": 0,
        "plateUuid": "sample-plate",
        "seqIndex": .integer(Int64(frame)),
        "wellIndex": .integer(Int64(well.row * plate.columns + well.column)),
        "wellName": .string(well.name),
        "wellCompactName": .string(well.name),
        "wellColIndex": .integer(Int64(well.column)),
        "wellRowIndex": .integer(Int64(well.row)),
      ]
    }
    let text = Array(JSONValue.array(frames).text().utf8)
    return [
      .init(ChunkName.wellPlate, LiteVariantEncoder.encode(description)),
      .init(ChunkName.wellPlateFrames, try Deflater(level: 1).deflate(text)),
    ]
  }
}
