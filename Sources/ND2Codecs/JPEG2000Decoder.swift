#if JPEG2000
  import COpenJPEG
#endif

/// Decodes JPEG 2000 codestreams from memory straight into memory of the caller.
///
/// Each call sets up a decoder of its own, so that threads may decode side by side. Without the
/// package trait `JPEG2000` every call throws ``CodecError/notBuilt``.
package enum JPEG2000Decoder {
  /// Whether the codec is part of this build.
  package static var isAvailable: Bool {
    #if JPEG2000
      true
    #else
      false
    #endif
  }

  /// Where the samples of one component go.
  package struct Placement: Hashable, Sendable {
    /// Number of the component in the codestream.
    package var component: Int
    /// Place of its first sample, in samples from the start of the output.
    package var offset: Int
    /// Distance of columns, in samples.
    package var columnStride: Int
    /// Distance of rows, in samples.
    package var rowStride: Int

    package init(component: Int, offset: Int, columnStride: Int, rowStride: Int) {
      self.component = component
      self.offset = offset
      self.columnStride = columnStride
      self.rowStride = rowStride
    }
  }

  /// What is decoded, and what it must be.
  package struct Request: Sendable {
    /// Pixels in a row of the whole image.
    package var width: Int
    /// Rows of the whole image.
    package var height: Int
    /// Columns that are wanted.
    package var columns: Range<Int>
    /// Rows that are wanted.
    package var rows: Range<Int>
    /// Bytes of a sample of the output: 1, 2 or 4.
    package var sampleByteCount: Int
    /// Whether samples of the output are signed.
    package var isSigned = false
    /// Where the wanted components go.
    package var placements: [Placement]
    /// Whether a codestream that is cut off is refused; else what is there of it is decoded.
    package var isStrict = true
    /// Threads within the decoder.
    package var threadCount = 1
    /// Most memory that decoding may take, in bytes; see ``JPEG2000Header/decodingByteCount``.
    package var memoryLimit = Int.max

    /// Asks for all of an image.
    package init(width: Int, height: Int, sampleByteCount: Int, placements: [Placement]) {
      self.width = width
      self.height = height
      columns = 0..<width
      rows = 0..<height
      self.sampleByteCount = sampleByteCount
      self.placements = placements
    }

    /// Whether every sample lies within so many bytes of output.
    func fits(into byteCount: Int) -> Bool {
      guard [1, 2, 4].contains(sampleByteCount), width > 0, height > 0, !columns.isEmpty,
        !rows.isEmpty, columns.lowerBound >= 0, columns.upperBound <= width, rows.lowerBound >= 0,
        rows.upperBound <= height
      else { return false }
      return placements.allSatisfy { place in
        guard place.component >= 0, place.offset >= 0, place.columnStride > 0,
          place.rowStride > 0
        else { return false }
        let across = (columns.count - 1).multipliedReportingOverflow(by: place.columnStride)
        let down = (rows.count - 1).multipliedReportingOverflow(by: place.rowStride)
        let last = across.partialValue.addingReportingOverflow(down.partialValue)
        let sum = last.partialValue.addingReportingOverflow(place.offset)
        return !across.overflow && !down.overflow && !last.overflow && !sum.overflow
          && sum.partialValue < byteCount / sampleByteCount
      }
    }
  }

  /// Decodes a codestream.
  ///
  /// - Parameters:
  ///   - codestream: the bytes, from the marker SOC on.
  ///   - request: what is wanted; the codestream's image must be of that size and number format.
  ///   - output: memory that holds every wanted sample.
  /// - Throws: ``CodecError/corrupt`` when the codestream cannot be decoded,
  ///   ``CodecError/unsupported(_:)`` when its image is another than was asked for,
  ///   ``CodecError/limitExceeded(limit:)`` when it needs more memory than allowed. The output may
  ///   then hold a part of the image.
  package static func decode(
    _ codestream: UnsafeRawBufferPointer, _ request: Request,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    guard let header = JPEG2000Header(codestream) else { throw .corrupt }
    try check(header, request)
    guard request.fits(into: output.count), let base = output.baseAddress else {
      throw .wrongByteCount(expected: output.count)
    }
    #if JPEG2000
      try OpenJPEGDecoding(header: header, request: request).decode(codestream, into: base)
    #else
      _ = base
      throw .notBuilt
    #endif
  }

  private static func check(_ header: JPEG2000Header, _ request: Request) throws(CodecError) {
    guard header.width == request.width, header.height == request.height else {
      throw .unsupported(
        "an image of \(header.width) × \(header.height) pixels instead of "
          + "\(request.width) × \(request.height)")
    }
    for place in request.placements {
      guard header.components.indices.contains(place.component) else {
        throw .unsupported(
          "an image of \(header.components.count) components without number "
            + "\(place.component + 1)")
      }
      let component = header.components[place.component]
      guard component.stepX == 1, component.stepY == 1 else {
        throw .unsupported("an image with reduced components")
      }
      guard component.bitCount <= min(31, request.sampleByteCount * 8) else {
        throw .unsupported("samples of \(component.bitCount) bits")
      }
    }
    guard header.decodingByteCount <= request.memoryLimit else {
      throw .limitExceeded(limit: request.memoryLimit)
    }
  }
}

#if JPEG2000
  /// One call of OpenJPEG.
  private struct OpenJPEGDecoding {
    let header: JPEG2000Header
    let request: JPEG2000Decoder.Request

    func decode(
      _ codestream: UnsafeRawBufferPointer, into output: UnsafeMutableRawPointer
    ) throws(CodecError) {
      guard let codec = opj_create_decompress(OPJ_CODEC_J2K) else { throw .unavailable }
      defer { opj_destroy_codec(codec) }
      var parameters = opj_dparameters_t()
      opj_set_default_decoder_parameters(&parameters)
      guard opj_setup_decoder(codec, &parameters) != 0,
        nd2_set_strict_decoding(codec, request.isStrict ? 1 : 0) != 0
      else { throw .unavailable }
      if request.threadCount > 1 {
        _ = opj_codec_set_threads(codec, Int32(min(request.threadCount, 64)))
      }
      let input = OpenJPEGInput(codestream)
      defer { withExtendedLifetime(input) {} }
      guard let stream = input.stream() else { throw .unavailable }
      defer { opj_stream_destroy(stream) }

      var image: UnsafeMutablePointer<opj_image_t>?
      let isHeaderSound = opj_read_header(stream, codec, &image) != 0
      defer { if let image { opj_image_destroy(image) } }
      guard isHeaderSound, let image else { throw .corrupt }
      let isCropped = header.isCheaper(columns: request.columns, rows: request.rows)
      if isCropped {
        guard
          let (left, top, right, bottom) = header.gridPlaces(
            columns: request.columns, rows: request.rows),
          opj_set_decode_area(codec, image, left, top, right, bottom) != 0
        else { throw .corrupt }
      }
      guard opj_decode(codec, stream, image) != 0 else { throw .corrupt }
      if request.isStrict { guard opj_end_decompress(codec, stream) != 0 else { throw .corrupt } }
      for place in request.placements {
        try copy(image, place, isCropped: isCropped, into: output)
      }
    }

    /// Copies the wanted part of a component to its place.
    private func copy(
      _ image: UnsafeMutablePointer<opj_image_t>, _ place: JPEG2000Decoder.Placement,
      isCropped: Bool, into output: UnsafeMutableRawPointer
    ) throws(CodecError) {
      let columns = isCropped ? 0..<request.columns.count : request.columns
      let rows = isCropped ? 0..<request.rows.count : request.rows
      guard place.component < Int(image.pointee.numcomps), let all = image.pointee.comps else {
        throw .corrupt
      }
      let component = all[place.component]
      // What the library decoded must be what the header was understood to say.
      guard let samples = component.data, Int(component.w) >= columns.upperBound,
        Int(component.h) >= rows.upperBound
      else { throw .corrupt }
      let width = Int(component.w)
      let source = samples + rows.lowerBound * width + columns.lowerBound
      let isSigned = component.sgnd != 0
      switch (request.sampleByteCount, request.isSigned == isSigned) {
      case (1, true):
        move(UInt8.self, source, width, place, output) { UInt8(truncatingIfNeeded: $0) }
      case (2, true):
        move(UInt16.self, source, width, place, output) { UInt16(truncatingIfNeeded: $0) }
      case (_, true), (4, false):
        move(UInt32.self, source, width, place, output) { UInt32(bitPattern: $0) }
      // The file says one kind of number, this codestream the other.
      case (1, false) where request.isSigned:
        move(UInt8.self, source, width, place, output) { UInt8(bitPattern: Int8(clamping: $0)) }
      case (1, false): move(UInt8.self, source, width, place, output) { UInt8(clamping: $0) }
      case (_, false) where request.isSigned:
        move(UInt16.self, source, width, place, output) { UInt16(bitPattern: Int16(clamping: $0)) }
      case (_, false): move(UInt16.self, source, width, place, output) { UInt16(clamping: $0) }
      }
    }

    @inline(__always)
    private func move<T: FixedWidthInteger & BitwiseCopyable>(
      _ type: T.Type, _ source: UnsafePointer<Int32>, _ sourceStride: Int,
      _ place: JPEG2000Decoder.Placement, _ output: UnsafeMutableRawPointer,
      _ convert: (Int32) -> T
    ) {
      let base = (output + place.offset * MemoryLayout<T>.size).assumingMemoryBound(to: T.self)
      let count = request.columns.count
      for row in 0..<request.rows.count {
        let from = source + row &* sourceStride
        let to = base + row &* place.rowStride
        if place.columnStride == 1 {
          for column in 0..<count { to[column] = convert(from[column]) }
        } else {
          for column in 0..<count { to[column &* place.columnStride] = convert(from[column]) }
        }
      }
    }
  }

  /// Bytes in memory as an input of OpenJPEG.
  private final class OpenJPEGInput {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// A stream over the bytes, valid as long as this object is.
    func stream() -> UnsafeMutablePointer<opj_stream_t?>? {
      guard let stream = opj_stream_create(min(max(bytes.count, 4096), 1 << 16), 1) else {
        return nil
      }
      opj_stream_set_user_data(stream, Unmanaged.passUnretained(self).toOpaque(), nil)
      opj_stream_set_user_data_length(stream, UInt64(bytes.count))
      opj_stream_set_read_function(stream) { target, count, user in
        // The end is (size_t)-1; anything else that is wrong makes the library abort.
        guard let input = OpenJPEGInput.of(user), let target, count > 0,
          let base = input.bytes.baseAddress, input.position < input.bytes.count
        else { return -1 }
        let taken = min(count, input.bytes.count - input.position)
        target.copyMemory(from: base + input.position, byteCount: taken)
        input.position += taken
        return taken
      }
      opj_stream_set_skip_function(stream) { distance, user in
        guard let input = OpenJPEGInput.of(user), distance >= 0 else { return -1 }
        let rest = input.bytes.count - input.position
        guard rest > 0 || distance == 0 else { return -1 }
        let taken = min(distance, Int64(rest))
        input.position += Int(taken)
        return taken
      }
      opj_stream_set_seek_function(stream) { place, user in
        guard let input = OpenJPEGInput.of(user), place >= 0, place <= Int64(input.bytes.count)
        else { return 0 }
        input.position = Int(place)
        return 1
      }
      return stream
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> OpenJPEGInput? {
      user.map { Unmanaged<OpenJPEGInput>.fromOpaque($0).takeUnretainedValue() }
    }
  }
#endif
