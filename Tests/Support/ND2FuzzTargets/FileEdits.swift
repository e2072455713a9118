import ND2Writer
import Synchronization

/// Edits of sound files, written in few bytes so that random ones mean something.
///
/// Random changes of whole files mostly hit fill and pixels. Here a place is the rank of a byte that
/// is neither, so that a short input reaches what parsers look at, in several places at once.
enum FileEdits {
  /// A sound file and where its bytes matter.
  private struct Base: Sendable {
    let bytes: [UInt8]
    let places: [Int]
  }

  private static let bases: [Base] = {
    let files = (try? FuzzSeeds.files()) ?? []
    return files.map { Base(bytes: $0, places: places(of: $0)) }
  }()

  /// Numbers that parsers trip over.
  private static let numbers: [UInt64] = [
    0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32,
    1 << 40, 1 << 53, 1 << 62, UInt64(Int64.max), 1 << 63, .max - 4095, .max - 1, .max,
  ]

  /// The file that an input describes.
  static func apply(_ input: UnsafeRawBufferPointer) -> [UInt8] {
    var edits = Parts(Array(input))
    guard !bases.isEmpty else { return [] }
    let base = bases[Int(edits.byte()) % bases.count]
    var bytes = base.bytes
    while !edits.isEmpty, bytes.count <= 4 << 20 {
      let kind = edits.byte()
      let rank = edits.short() | Int(edits.byte()) << 16
      let place = base.places.isEmpty ? 0 : base.places[rank % base.places.count]
      edit(&bytes, kind, min(place, bytes.count), &edits)
    }
    return bytes
  }

  private static func edit(
    _ bytes: inout [UInt8], _ kind: UInt8, _ place: Int, _ edits: inout Parts
  ) {
    switch kind % 8 {
    case 0, 1:
      if place < bytes.count { bytes[place] = edits.byte() }
    case 2:
      if place < bytes.count { bytes[place] ^= 1 << (edits.byte() & 7) }
    case 3:
      let choice = edits.byte()
      let number = numbers[Int(choice & 31) % numbers.count]
      for index in 0..<(1 << Int(choice >> 6)) where place + index < bytes.count {
        bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
      }
    case 4:
      let new = edits.take(Int(edits.byte()) % 64)
      for (index, byte) in new.enumerated() where place + index < bytes.count {
        bytes[place + index] = byte
      }
    case 5:
      let end = min(bytes.count, place + edits.short() % 9000)
      bytes.removeSubrange(place..<end)
    case 6:
      bytes.insert(contentsOf: edits.take(Int(edits.byte()) % 64), at: place)
    default:
      // A part of the file once more, over what is there, or the end of the file.
      let from = edits.short() * 16
      let count = edits.short() % 4096
      guard from < bytes.count else {
        bytes.removeSubrange(place...)
        return
      }
      let copy = Array(bytes[from..<min(bytes.count, from + count)])
      bytes.replaceSubrange(place..<min(bytes.count, place + copy.count), with: copy)
    }
  }

  /// Bytes that are no fill: not inside a run of one value.
  private static func places(of bytes: [UInt8]) -> [Int] {
    var run = 0
    var last: UInt8?
    var places: [Int] = []
    for (place, byte) in bytes.enumerated() {
      run = byte == last ? run + 1 : 0
      last = byte
      if run < 4 { places.append(place) }
    }
    return places
  }
}
