import ND2

/// A `.npy` file taken apart.
struct NumPyArray {
  let header: String
  let data: [UInt8]

  init(_ file: [UInt8]) throws {
    guard file.count >= 10, file.prefix(6) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59] else {
      throw ND2Error(.malformed, "not a NumPy file")
    }
    let end = 10 + Int(file[8]) + Int(file[9]) << 8
    header = String(decoding: file[10..<end], as: UTF8.self)
    data = Array(file[end...])
  }
}
