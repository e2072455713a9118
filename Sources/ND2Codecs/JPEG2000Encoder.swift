#if JPEG2000
  import COpenJPEG
#endif

/// Encodes images as JPEG 2000 codestreams.
package struct JPEG2000Encoder: Sendable {
  /// Pixels in a row.
  package var width: Int
  /// Rows.
  package var height: Int
  /// Components of a pixel.
  package var componentCount = 1
  /// Bytes of a sample: 1, 2 or 4.
  package var sampleByteCount: Int
  /// Significant bits of a sample.
  package var bitCount: Int
  /// Whether samples are signed.
  package var isSigned = false
  /// By how much a codestream is to be smaller than the samples; nil for lossless.
  package var ratio: Double?
  /// Sides of square tiles; nil for one tile.
  package var tileSide: Int?

  /// Creates an encoder for lossless images of one component.
  package init(width: Int, height: Int, sampleByteCount: Int, bitCount: Int) {
    self.width = width
    self.height = height
    self.sampleByteCount = sampleByteCount
    self.bitCount = bitCount
  }

  /// Encodes an image.
  ///
  /// - Parameter samples: rows without fill, the components of a pixel side by side, little-endian.
  /// - Throws: ``CodecError/wrongByteCount(expected:)`` when the samples are not those of the image,
  ///   ``CodecError/unavailable`` when it cannot be encoded, ``CodecError/notBuilt``.
  package func encode(_ samples: [UInt8]) throws(CodecError) -> [UInt8] {
    let count = width * height * componentCount * sampleByteCount
    guard samples.count == count, count > 0, [1, 2, 4].contains(sampleByteCount),
      (1...min(31, sampleByteCount * 8)).contains(bitCount)
    else { throw .wrongByteCount(expected: count) }
    #if JPEG2000
      return try samples.withUnsafeBufferPointer { (bytes) throws(CodecError) -> [UInt8] in
        try encodeOpenJPEG(UnsafeRawBufferPointer(bytes))
      }
    #else
      throw .notBuilt
    #endif
  }
}

#if JPEG2000
  extension JPEG2000Encoder {
    private func encodeOpenJPEG(_ samples: UnsafeRawBufferPointer) throws(CodecError) -> [UInt8] {
      guard let image = makeImage(samples) else { throw .unavailable }
      defer { opj_image_destroy(image) }
      guard let codec = opj_create_compress(OPJ_CODEC_J2K) else { throw .unavailable }
      defer { opj_destroy_codec(codec) }
      var parameters = opj_cparameters_t()
      opj_set_default_encoder_parameters(&parameters)
      parameters.tcp_numlayers = 1
      parameters.cp_disto_alloc = 1
      parameters.tcp_rates.0 = Float(ratio ?? 0)
      parameters.irreversible = ratio == nil ? 0 : 1
      parameters.tcp_mct = componentCount == 3 ? 1 : 0
      var side = min(width, height)
      if let tileSide {
        parameters.tile_size_on = 1
        parameters.cp_tdx = Int32(clamping: tileSide)
        parameters.cp_tdy = Int32(clamping: tileSide)
        side = min(side, tileSide)
      }
      // A resolution more than halvings leave pixels is an error.
      parameters.numresolution = 1
      while parameters.numresolution < 6, side >> parameters.numresolution > 0 {
        parameters.numresolution += 1
      }
      guard opj_setup_encoder(codec, &parameters, image) != 0 else { throw .unavailable }
      let output = OpenJPEGOutput()
      defer { withExtendedLifetime(output) {} }
      guard let stream = output.stream() else { throw .unavailable }
      defer { opj_stream_destroy(stream) }
      guard opj_start_compress(codec, image, stream) != 0, opj_encode(codec, stream) != 0,
        opj_end_compress(codec, stream) != 0
      else { throw .unavailable }
      return output.bytes
    }

    private func makeImage(
      _ samples: UnsafeRawBufferPointer
    ) -> UnsafeMutablePointer<opj_image_t>? {
      var component = opj_image_cmptparm_t()
      (component.dx, component.dy) = (1, 1)
      (component.w, component.h) = (UInt32(clamping: width), UInt32(clamping: height))
      component.prec = UInt32(clamping: bitCount)
      component.sgnd = isSigned ? 1 : 0
      var components = [opj_image_cmptparm_t](repeating: component, count: componentCount)
      let space = componentCount == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY
      guard let image = opj_image_create(UInt32(componentCount), &components, space) else {
        return nil
      }
      image.pointee.x1 = UInt32(clamping: width)
      image.pointee.y1 = UInt32(clamping: height)
      for index in 0..<componentCount {
        guard let numbers = image.pointee.comps[index].data else {
          opj_image_destroy(image)
          return nil
        }
        for pixel in 0..<(width * height) {
          numbers[pixel] = value(samples, at: (pixel * componentCount + index) * sampleByteCount)
        }
      }
      return image
    }

    private func value(_ samples: UnsafeRawBufferPointer, at place: Int) -> Int32 {
      switch (sampleByteCount, isSigned) {
      case (1, false): Int32(samples[place])
      case (1, true): Int32(Int8(bitPattern: samples[place]))
      case (2, false):
        Int32(UInt16(littleEndian: samples.loadUnaligned(fromByteOffset: place, as: UInt16.self)))
      case (2, true):
        Int32(Int16(littleEndian: samples.loadUnaligned(fromByteOffset: place, as: Int16.self)))
      default: Int32(littleEndian: samples.loadUnaligned(fromByteOffset: place, as: Int32.self))
      }
    }
  }

  /// Memory that grows as an output of OpenJPEG.
  private final class OpenJPEGOutput {
    var bytes: [UInt8] = []
    var position = 0

    /// A stream into the memory, valid as long as this object is.
    func stream() -> UnsafeMutablePointer<opj_stream_t?>? {
      guard let stream = opj_stream_create(1 << 16, 0) else { return nil }
      opj_stream_set_user_data(stream, Unmanaged.passUnretained(self).toOpaque(), nil)
      opj_stream_set_write_function(stream) { source, count, user in
        guard let output = OpenJPEGOutput.of(user), let source, count > 0 else { return -1 }
        output.write(UnsafeRawBufferPointer(start: source, count: count))
        return count
      }
      opj_stream_set_skip_function(stream) { distance, user in
        guard let output = OpenJPEGOutput.of(user), distance >= 0 else { return -1 }
        output.move(to: output.position + Int(distance))
        return distance
      }
      opj_stream_set_seek_function(stream) { place, user in
        guard let output = OpenJPEGOutput.of(user), place >= 0 else { return 0 }
        output.move(to: Int(place))
        return 1
      }
      return stream
    }

    private func write(_ source: UnsafeRawBufferPointer) {
      let end = position + source.count
      if end > bytes.count { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
      bytes.withUnsafeMutableBytes { target in
        UnsafeMutableRawBufferPointer(rebasing: target[position..<end]).copyMemory(from: source)
      }
      position = end
    }

    private func move(to place: Int) {
      if place > bytes.count { bytes += [UInt8](repeating: 0, count: place - bytes.count) }
      position = place
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> OpenJPEGOutput? {
      user.map { Unmanaged<OpenJPEGOutput>.fromOpaque($0).takeUnretainedValue() }
    }
  }
#endif
