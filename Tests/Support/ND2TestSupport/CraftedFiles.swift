import ND2Format
package import ND2Writer

/// A file that is odd or damaged on purpose, and what a good reader still gets from it.
package struct CraftedFile: Sendable {
  /// What is wrong with it.
  package var name: String
  /// The description of the file.
  package var sample: SampleFile
  /// What was done to its bytes afterwards.
  package var damage: [Damage] = []
  /// Frames whose pixels are gone; all other stored frames can be read as described.
  package var lostFrames: Set<Int> = []

  package init(_ name: String, _ sample: SampleFile) {
    self.name = name
    self.sample = sample
  }

  /// The bytes of the file.
  package func bytes() throws -> [UInt8] {
    damage.reduce(try sample.bytes()) { $1.applied(to: $0) }
  }

  /// Frames that can be read, with the bytes that they have.
  package var readableFrames: [(index: Int, packed: [UInt8])] {
    sample.storedFrames.filter { !lostFrames.contains($0) }
      .map { ($0, sample.packedFrame($0)) }
  }
}

extension CraftedFile {
  /// All of them: what nd2-format §11.5 lists, and more of the kind.
  package static func all() throws -> [CraftedFile] {
    let files = structure + metadata + (try damaged())
    return files
  }

  private static var base: SampleFile {
    SampleFile(
      width: 21, height: 9, channels: [.init("a"), .init("b")],
      loops: [.time(count: 3), .zStack(count: 2)])
  }

  /// Builds a file from the base.
  private static func make(
    _ name: String, _ change: (inout SampleFile) -> Void
  ) -> CraftedFile {
    var sample = base
    change(&sample)
    return CraftedFile(name, sample)
  }

  /// Chunks, names and the map.
  private static var structure: [CraftedFile] {
    var files = [16, 17, 36, 4071, 4073, 9000].map { (size: Int) in
      make("frames with name fields of \(size) bytes") { $0.flaws.frameNameField = size }
    }
    files.append(
      make("map sizes equal to offsets") { $0.flaws.mapEdit = SampleFile.Flaws.sizesAreOffsets })
    let shifts: [Int64] = [-24, 8, 4096, 50_000]
    for shift in shifts {
      files.append(
        make("map offsets shifted by \(shift)") {
          $0.flaws.mapEdit = SampleFile.Flaws.shift(shift)
        })
    }
    files.append(
      make("map lists frames twice") {
        $0.flaws.mapEdit = { entries in
          entries += entries.filter { $0.name.hasPrefix("ImageDataSeq|") }
            .map { .init(name: $0.name, offset: 0, byteCount: 64) }
        }
      })
    files.append(make("early attributes rewritten") { $0.flaws.writesEarlyAttributes = true })
    files.append(make("frames numbered from one") { $0.flaws.firstFrameNumber = 1 })
    files.append(
      make("gaps between chunks") {
        $0.flaws.gaps = [1: [UInt8](repeating: 0, count: 5000), 2: Array("gap".utf8)]
      })
    files.append(make("a frame is missing") { $0.missingFrames = [3] })
    files.append(make("fewer frames than the loops say") { $0.storedFrameCount = 4 })
    files.append(make("more frames than the loops say") { $0.storedFrameCount = 8 })
    files.append(make("packed rows") { $0.flaws.packsRows = true })
    files.append(
      make("zlib frames called uncompressed") {
        $0.storage.compression = .lossless
        $0.flaws.declaredCompression = 2
      })
    files.append(make("plain frames called lossless") { $0.flaws.declaredCompression = 0 })
    files.append(make("plain frames called lossy") { $0.flaws.declaredCompression = 1 })
    return files
  }

  /// Versions, encodings, trees.
  private static var metadata: [CraftedFile] {
    var files = [
      make("version 2.1 with binary names") { $0.flaws.versionText = "Ver2.1" },
      make("version 3.0 with XML names") { $0.flaws.encoding = .xml },
      make("version 12.34") { $0.flaws.versionText = "Ver12.34" },
      make("a sequence count of zero") {
        $0.flaws.edits[.attributes] = { $0.set("uiSequenceCount", .uint32(0)) }
      },
      make("a sequence count of four billion") {
        $0.flaws.edits[.attributes] = { $0.set("uiSequenceCount", .uint32(.max)) }
      },
      make("a row size of zero") {
        $0.flaws.edits[.attributes] = { $0.set("uiWidthBytes", .uint32(0)) }
      },
      make("an unknown type in the attributes") {
        $0.flaws.dataEdits["ImageAttributesLV!"] = {
          LiteVariantEncoder.replaceType(ofItems: "dCompressionParam", with: 200, in: &$0)
        }
      },
      make("more planes counted than listed") {
        $0.flaws.edits[.pictureMetadata] = { $0.set("sPicturePlanes/uiCount", .uint32(5)) }
      },
      make("fewer planes counted than listed") {
        $0.flaws.edits[.pictureMetadata] = { $0.set("sPicturePlanes/uiCount", .uint32(1)) }
      },
      make("a wrong count of periods") {
        $0.loops = [
          .timePhases([.init(count: 2), .init(count: 4, isValid: false), .init(count: 3)])
        ]
        $0.flaws.edits[.experiment] = { $0.set("uLoopPars/uiCount", .uint32(9)) }
      },
      make("no time points around a focus series") {
        $0.loops = [.time(count: 0), .zStack(count: 3)]
        $0.storedFrameCount = 3
      },
      make("two loops of one axis") { $0.loops = [.time(count: 2), .time(count: 3)] },
      make("loops of unknown kinds") {
        $0.loops = [.other(type: 3, count: 2), .other(type: 9, count: 3)]
      },
      make("five components in two planes") {
        $0.channels = [.rgb(), .init("two", componentCount: 2)]
      },
      make("six components in two planes") { $0.channels = [.rgb("a"), .rgb("b")] },
    ]
    for name in ["ImageMetadataSeqLV|0!", "ImageTextInfoLV!", "CustomData|AcqTimesCache!"] {
      files.append(make("no chunk \(name)") { $0.flaws.omittedChunks = [name] })
      files.append(
        make("noise in the chunk \(name)") {
          $0.flaws.dataEdits[name] = { bytes in
            var random = Randomness(seed: 77)
            bytes = random.bytes(bytes.count)
          }
        })
    }
    return files
  }

  /// Bytes missing, put in or replaced.
  private static func damaged() throws -> [CraftedFile] {
    var safe = base
    // Attributes in front survive the loss of the end.
    safe.flaws.writesEarlyAttributes = true
    let places = try ChunkPlaces(of: safe.bytes())
    let frame = try places.frame(4)
    func make(_ name: String, _ damage: [Damage], lost: Set<Int> = []) -> CraftedFile {
      var file = CraftedFile(name, safe)
      file.damage = damage
      file.lostFrames = lost
      return file
    }
    return [
      make("a tail of zeros", [.zeroTail]),
      make("no map", [.removeMap]),
      make("a map without header", [.breakMapHeader]),
      make("a tail that points beyond the end", [.mapOffset(.max)]),
      make("a tail that points into a frame", [.mapOffset(UInt64(frame.dataOffset))]),
      make(
        "bytes cut out of a frame", [.cut((frame.dataOffset + 50)..<(frame.dataOffset + 150))],
        lost: [4]),
      make(
        "bytes cut out of a frame, and no map",
        [.cut((frame.dataOffset + 50)..<(frame.dataOffset + 150)), .removeMap], lost: [4]),
      make(
        "bytes put into a frame",
        [.insert([UInt8](repeating: 9, count: 333), at: frame.dataOffset + 50)], lost: [4]),
      make("cut inside a frame", [.truncate(at: frame.dataOffset + 100)], lost: [4, 5]),
      make("cut in front of a frame", [.truncate(at: frame.headerOffset)], lost: [4, 5]),
    ]
  }
}
