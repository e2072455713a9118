import ND2
import ND2TestSupport
import Testing

@Suite("Reading NumPy files")
struct NumPyReadingTests {
  private let numbers: [Int16] = [0, 1, -2, 300, -400, 32767]

  private func read(_ file: [UInt8]) throws -> AnyNDArray { try AnyNDArray(npyBytes: file) }

  @Test("All versions of the header are read", arguments: [1, 2, 3] as [UInt8])
  func versions(_ version: UInt8) throws {
    let file = NumPyBytes.file(
      "<i2", "(2, 3)", version: version, data: NumPyBytes.bytes(numbers))
    let array = try #require(try read(file).as(Int16.self))
    #expect(array.shape == [2, 3])
    #expect(array.elements == numbers)
  }

  @Test("Other versions are refused")
  func unknownVersion() {
    for (major, minor) in [(0, 0), (4, 0), (1, 1), (255, 255)] as [(UInt8, UInt8)] {
      var file = NumPyBytes.file("<i2", "(6,)", data: NumPyBytes.bytes(numbers))
      file[6] = major
      file[7] = minor
      let error = thrownError { _ = try read(file) }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("\(major).\(minor)") == true)
    }
  }

  @Test(
    "Headers are understood however they are written",
    arguments: [
      "{'shape': (2, 3), 'fortran_order': False, 'descr': '<i2'}",
      "{\"descr\":\"<i2\",\"fortran_order\":False,\"shape\":(2,3)}",
      "  { 'descr' : '<i2' ,\n'fortran_order':\tFalse, 'shape': (2L, 3L,) , }  ",
      "{'descr': u'<i2', 'fortran_order': False, 'shape': (+2, 3)}",
      "{'descr': ('<i2'), 'fortran_order': False, 'shape': (2, 3), 'descr': '=i2'}",
    ])
  func headers(_ text: String) throws {
    let array = try read(NumPyBytes.file(text, data: NumPyBytes.bytes(numbers)))
    #expect(array.shape == [2, 3])
    #expect(array.as(Int16.self)?.elements == numbers)
  }

  @Test(
    "Headers that break the rules are refused",
    arguments: [
      "", "()", "[]", "{}", "{'descr': '<i2', 'shape': (2, 3)}",
      "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
      "{'descr': '<i2', 'fortran_order': 0, 'shape': (2, 3)}",
      "{'descr': '<i2', 'fortran_order': False, 'shape': 6}",
      "{'descr': '<i2', 'fortran_order': False, 'shape': [2, 3]}",
      "{'descr': '<i2', 'fortran_order': False, 'shape': (6)}",
      "{'descr': '<i2', 'fortran_order': False, 'shape': (-2, -3)}",
      "{'descr': '<i2', 'fortran_order': False, 'shape': (2, True)}",
      "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3)} 1",
      "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3)",
    ])
  func brokenHeaders(_ text: String) {
    let error = thrownError { _ = try read(NumPyBytes.file(text, data: NumPyBytes.bytes(numbers))) }
    #expect(error?.code == .malformed)
  }

  @Test("Fortran order gives the same array as C order")
  func fortranOrder() throws {
    // Element (i, j, k) is 100 i + 10 j + k.
    func element(_ i: Int, _ j: Int, _ k: Int) -> UInt16 { UInt16(100 * i + 10 * j + k) }
    var stored: [UInt16] = []
    for k in 0..<4 { for j in 0..<3 { for i in 0..<2 { stored.append(element(i, j, k)) } } }
    for version in [1, 2, 3] as [UInt8] {
      for big in [false, true] {
        let file = NumPyBytes.file(
          big ? ">u2" : "<u2", "(2, 3, 4)", fortran: true, version: version,
          data: big ? NumPyBytes.bigEndian(stored) : NumPyBytes.bytes(stored))
        let array = try #require(try read(file).as(UInt16.self))
        #expect(array.shape == [2, 3, 4])
        #expect(array.isContiguous)
        for i in 0..<2 {
          for j in 0..<3 {
            for k in 0..<4 {
              #expect(array[i, j, k] == element(i, j, k))
            }
          }
        }
      }
    }
  }

  @Test("Fortran order of larger arrays, with axes of one element, is undone")
  func largeFortranOrder() throws {
    try Randomness.repeated(40) { random in
      let shape = (0..<random.int(1..<5)).map { _ in random.oneIn(4) ? 1 : random.int(2..<24) }
      let count = shape.reduce(1, *)
      let expected = (0..<count).map { Int32($0) }
      let array = try NDArray(expected, shape: shape)
      let stored = try array.transposed(Array(array.sizes.axes.reversed())).elements
      let text = "(" + shape.map { "\($0)," }.joined() + ")"
      let file = NumPyBytes.file("<i4", text, fortran: true, data: NumPyBytes.bytes(stored))
      #expect(try NDArray<Int32>(npyBytes: file) == array, "seed \(random.seed), \(shape)")
    }
  }

  @Test("Numbers of either byte order are read")
  func byteOrders() throws {
    let u4: [UInt32] = [0, 1, 0x0102_0304, .max]
    for (type, data) in [
      ("<u4", NumPyBytes.bytes(u4)), ("=u4", NumPyBytes.bytes(u4)), ("|u4", NumPyBytes.bytes(u4)),
      (">u4", NumPyBytes.bigEndian(u4)),
    ] {
      #expect(
        try NDArray<UInt32>(npyBytes: NumPyBytes.file(type, "(4,)", data: data)).elements == u4)
    }
    let f8: [Double] = [0, -0.5, 1e300, .infinity]
    let big = NumPyBytes.bigEndian(f8.map(\.bitPattern))
    #expect(try NDArray<Double>(npyBytes: NumPyBytes.file(">f8", "(4,)", data: big)).elements == f8)
    let f4: [Float] = [0, -0.5, 1e30]
    let big4 = NumPyBytes.bigEndian(f4.map(\.bitPattern))
    #expect(try NDArray<Float>(npyBytes: NumPyBytes.file(">f4", "(3,)", data: big4)).elements == f4)
    for type in ["|u1", "<u1", ">u1"] {
      let array = try NDArray<UInt8>(npyBytes: NumPyBytes.file(type, "(3,)", data: [1, 2, 255]))
      #expect(array.elements == [1, 2, 255])
    }
    #expect(
      try NDArray<Int8>(npyBytes: NumPyBytes.file("|i1", "(2,)", data: [1, 255])).elements
        == [1, -1])
  }

  @Test("Truth values become 0 and 1")
  func truthValues() throws {
    let file = NumPyBytes.file("|b1", "(3,)", data: [1, 0, 1])
    #expect(try NDArray<UInt8>(npyBytes: file).elements == [1, 0, 1])
  }

  @Test("Half-precision floats become the same numbers")
  func halves() throws {
    let patterns: [(UInt16, Float)] = [
      (0x0000, 0), (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x0400, 0x1p-14),
      (0x0001, 0x1p-24), (0x03FF, 1023 * 0x1p-24), (0x3555, 0x1.554p-2), (0x7C00, .infinity),
      (0xFC00, -.infinity),
    ]
    for big in [false, true] {
      let halves = patterns.map(\.0)
      let file = NumPyBytes.file(
        big ? ">f2" : "<f2", "(2, 5)",
        data: big ? NumPyBytes.bigEndian(halves) : NumPyBytes.bytes(halves))
      #expect(try NDArray<Float>(npyBytes: file).elements == patterns.map(\.1))
    }
    let special = NumPyBytes.file(
      "<f2", "(2,)", data: NumPyBytes.bytes([0x7E00, 0x8000] as [UInt16]))
    let array = try NDArray<Float>(npyBytes: special)
    #expect(array[0].isNaN)
    #expect(array[1] == 0 && array[1].sign == .minus)
  }

  @Test("64-bit integers become doubles when every one of them is exact")
  func wideIntegers() throws {
    let signed: [Int64] = [0, -1, 1 << 53, -(1 << 53), .min, 1 << 62]
    let file = NumPyBytes.file("<i8", "(6,)", data: NumPyBytes.bytes(signed))
    #expect(try NDArray<Double>(npyBytes: file).elements == signed.map { Double($0) })
    let unsigned: [UInt64] = [0, 1 << 63, 0xFFFF_FFFF_FFFF_F800]
    let big = NumPyBytes.file(">u8", "(3,)", data: NumPyBytes.bigEndian(unsigned))
    #expect(try NDArray<Double>(npyBytes: big).elements == unsigned.map { Double($0) })
  }

  @Test("64-bit integers that no double equals are an error that names the first")
  func inexactIntegers() {
    let file = NumPyBytes.file(
      "<i8", "(2,)", data: NumPyBytes.bytes([1, (1 << 53) + 1] as [Int64]))
    let error = thrownError { _ = try read(file) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("9007199254740993") == true)
    let most = NumPyBytes.file("<u8", "(1,)", data: NumPyBytes.bytes([.max] as [UInt64]))
    #expect(thrownError { _ = try read(most) }?.code == .unsupported)
  }

  @Test(
    "Other types are refused by name",
    arguments: [
      "'<c16'", "'|O'", "'<U5'", "'|S3'", "'<M8[ns]'", "'|V8'", "'<f16'", "'u2'", "''", "'>'",
      "'<u3'", "'<x2'",
      "'<u2 '", "None", "[('a', '<i4'), ('b', '<f8')]",
    ])
  func otherTypes(_ type: String) {
    let file = NumPyBytes.file(
      "{'descr': \(type), 'fortran_order': False, 'shape': (1,), }",
      data: [UInt8](repeating: 0, count: 64))
    let error = thrownError { _ = try read(file) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains(type) == true)
  }

  @Test("An array without axes has one element")
  func noAxes() throws {
    let array = try read(NumPyBytes.file("<u2", "()", data: [7, 1]))
    #expect(array.shape == [])
    #expect(array.scalar == 263)
    #expect(try read(NumPyBytes.file("<u2", "()", fortran: true, data: [7, 1])).scalar == 263)
  }

  @Test("Arrays without elements need no data", arguments: ["(0,)", "(3, 0, 2)", "(0, 0)"])
  func empty(_ shape: String) throws {
    for fortran in [false, true] {
      for type in ["<u2", ">f8", "<f2", "<i8", "|b1"] {
        let array = try read(NumPyBytes.file(type, shape, fortran: fortran, data: []))
        #expect(array.count == 0)
        #expect(array.shape.contains(0))
      }
    }
  }

  @Test("Data that are cut short are an error; bytes behind them are not")
  func dataSize() throws {
    let data = NumPyBytes.bytes(numbers)
    let error = thrownError {
      _ = try read(NumPyBytes.file("<i2", "(2, 3)", data: Array(data.dropLast())))
    }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("12 bytes") == true)
    #expect(error?.message.contains("11") == true)
    let longer = NumPyBytes.file("<i2", "(2, 3)", data: data + [1, 2, 3])
    #expect(try read(longer).as(Int16.self)?.elements == numbers)
  }

  @Test("Data may begin at any byte", arguments: 0..<9)
  func alignment(_ padding: Int) throws {
    let file = NumPyBytes.file(
      "<i2", "(2, 3)", data: NumPyBytes.bytes(numbers), padding: padding)
    #expect(try read(file).as(Int16.self)?.elements == numbers)
  }

  @Test(
    "No memory is taken because a header says so",
    arguments: [
      "(4611686018427387904,)", "(9223372036854775807,)", "(1099511627776, 1099511627776)",
      "(3037000500, 3037000500, 2)", "(0, 9223372036854775807, 9223372036854775807)",
      "(99999999999999999999999,)",
    ])
  func hugeShapes(_ shape: String) {
    let file = NumPyBytes.file("<f8", shape, data: [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(thrownError { _ = try read(file) } != nil)
  }

  @Test("More than 64 axes are refused")
  func manyAxes() throws {
    let shape = { (count: Int) in "(" + String(repeating: "1, ", count: count) + ")" }
    #expect(try read(NumPyBytes.file("|u1", shape(64), data: [9])).shape.count == 64)
    let error = thrownError { _ = try read(NumPyBytes.file("|u1", shape(65), data: [9])) }
    #expect(error?.code == .limitExceeded)
  }

  @Test("Axes have no names unless they are given")
  func axes() throws {
    let file = NumPyBytes.file("<i2", "(2, 3)", data: NumPyBytes.bytes(numbers))
    #expect(try read(file).sizes == AxisSizes(unnamed: [2, 3]))
    let named = try AnyNDArray(npyBytes: file, axes: [.y, .x])
    #expect(named.sizes == [.y: 2, .x: 3])
    let error = thrownError { _ = try AnyNDArray(npyBytes: file, axes: [.z, .y, .x]) }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("3") == true && error?.message.contains("2") == true)
    #expect(
      thrownError { _ = try AnyNDArray(npyBytes: file, axes: [.y, .y]) }?.code == .invalidRequest)
  }

  @Test("Another number type than the stored one is an error that names it")
  func wrongType() {
    let file = NumPyBytes.file("<i2", "(2, 3)", data: NumPyBytes.bytes(numbers))
    let error = thrownError { _ = try NDArray<UInt16>(npyBytes: file) }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("int16") == true)
    #expect(error?.message.contains("uint16") == true)
  }

  @Test("What is no NumPy file is refused; an archive is told by name")
  func otherFiles() {
    #expect(thrownError { _ = try read([]) }?.code == .malformed)
    #expect(thrownError { _ = try read(Array("hello, world".utf8)) }?.code == .malformed)
    let archive = thrownError {
      _ = try read([0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60))
    }
    #expect(archive?.message.contains(".npz") == true)
  }

  @Test("Errors name the file")
  func errorsNameTheFile() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write([1, 2, 3], as: "a.npy")
    #expect(thrownError { _ = try AnyNDArray(npy: path) }?.location.file == path)
    let missing = thrownError { _ = try AnyNDArray(npy: directory.file("b.npy")) }
    #expect(missing?.code == .io)
  }

  @Test("Damaged bytes never trap")
  func hostile() throws {
    for (type, fortran) in [("<i2", false), (">f2", true), ("<i8", true), ("|b1", false)] {
      let data = [UInt8]((0..<48).map { UInt8($0 % 7) })
      let file = NumPyBytes.file(type, "(2, 3)", fortran: fortran, data: data)
      for bytes in HostileBytes.prefixes(of: file) { _ = try? read(bytes) }
      for bytes in HostileBytes.flips(of: file) { _ = try? read(bytes) }
      for bytes in HostileBytes.numbers(of: file) { _ = try? read(bytes) }
    }
    Randomness.repeated(300) { random in
      let text = (0..<random.int(0..<60)).map { _ in
        Array("{}()[]'\",: 0123456789LTrueFalsdescriptorhapn_<>|\\")[random.int(0..<48)]
      }
      _ = try? read(NumPyBytes.file(String(text), data: random.bytes(16)))
    }
  }
}
