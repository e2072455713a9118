import ND2
import ND2TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Python with NumPy, when the machine has it.
private enum Python {
  static let hasNumPy = status("import numpy", in: "/", output: "/dev/null") == 0

  /// Runs a program in a folder and gives its exit status.
  static func status(_ program: String, in folder: String, output: String) -> Int32 {
    let quoted = program.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#)
    let command = "cd '\(folder)' && python3 -c '\(quoted)' >\(output) 2>&1 </dev/null"
    guard let pipe = popen(command, "r") else { return -1 }
    return pclose(pipe)
  }
}

@Suite("NumPy and this library", .enabled(if: Python.hasNumPy, "needs python3 with NumPy"))
struct NumPyInteroperationTests {
  private func run(_ program: String, in directory: TemporaryDirectory) throws {
    let status = Python.status(program, in: directory.path, output: "output")
    let output = String(decoding: try directory.read("output"), as: UTF8.self)
    #expect(status == 0, "\(output)")
  }

  @Test("What NumPy saves is read")
  func fromNumPy() throws {
    let directory = try TemporaryDirectory()
    try run(
      """
      import numpy as np
      types = ['u1','u2','u4','u8','i1','i2','i4','i8','f2','f4','f8','?']
      for t in types:
        for order in '<>':
          for layout in 'CF':
            a = (np.arange(60) % 51).reshape(3, 4, 5).astype(np.dtype(t).newbyteorder(order))
            np.save(f'{np.dtype(t).name}-{ord(order)}-{layout}.npy', np.asarray(a, order=layout))
      np.save('scalar.npy', np.float32(2.5))
      np.save('empty.npy', np.zeros((3, 0, 2), 'i2'))
      for v in [(1, 0), (2, 0), (3, 0)]:
        with open(f'version{v[0]}.npy', 'wb') as f:
          np.lib.format.write_array(f, np.arange(6, dtype='>i4').reshape(2, 3), version=v)
      """, in: directory)
    let numbers = (0..<60).map { Double($0 % 51) }
    var count = 0
    for name in directory.fileNames where name.contains("-") {
      let array = try AnyNDArray(npy: directory.file(name))
      #expect(array.shape == [3, 4, 5])
      let expected = name.hasPrefix("bool") ? numbers.map { $0 == 0 ? 0 : 1 } : numbers
      var values: [Double] = []
      for i in 0..<3 { for j in 0..<4 { for k in 0..<5 { values.append(array[i, j, k]) } } }
      #expect(values == expected, "\(name)")
      count += 1
    }
    #expect(count == 48)
    #expect(try AnyNDArray(npy: directory.file("scalar.npy")).scalar == 2.5)
    #expect(try AnyNDArray(npy: directory.file("empty.npy")).shape == [3, 0, 2])
    for version in 1...3 {
      let array = try NDArray<Int32>(npy: directory.file("version\(version).npy"))
      #expect(array.elements == [0, 1, 2, 3, 4, 5])
    }
  }

  @Test("What NumPy saves as archives is read")
  func archivesFromNumPy() throws {
    let directory = try TemporaryDirectory()
    try run(
      """
      import numpy as np
      a = np.arange(100000, dtype='u2').reshape(100, 1000)
      b = np.asfortranarray(np.arange(24, dtype='>f4').reshape(2, 3, 4))
      for name, save in [('stored', np.savez), ('deflated', np.savez_compressed)]:
        save(name + '.npz', a, cells=a, **{'κ b/c': b, 'scalar': np.uint8(7), 'empty': np.zeros((0, 2))})
      # A member whose sizes follow its data, as when an archive goes into a pipe.
      import zipfile, io
      class Pipe(io.RawIOBase):
        def __init__(self): self.data = bytearray()
        def writable(self): return True
        def write(self, b): self.data += bytes(b); return len(b)
      pipe = Pipe()
      with zipfile.ZipFile(pipe, 'w', zipfile.ZIP_DEFLATED) as z:
        with z.open('a.npy', 'w') as f: np.lib.format.write_array(f, a)
      open('piped.npz', 'wb').write(bytes(pipe.data))
      """, in: directory)
    let a = (0..<100_000).map { UInt16(truncatingIfNeeded: $0) }
    for name in ["stored", "deflated"] {
      let archive = try NumPyArchive(path: directory.file("\(name).npz"))
      #expect(archive.names.sorted() == ["arr_0", "cells", "empty", "scalar", "κ b/c"].sorted())
      for key in ["arr_0", "cells"] { #expect(try archive[key].as(UInt16.self)?.elements == a) }
      let b = try #require(try archive["κ b/c"].as(Float.self))
      #expect(b.elements == (0..<24).map(Float.init))
      #expect(b.shape == [2, 3, 4])
      #expect(try archive["scalar"].scalar == 7)
      #expect(try archive["empty"].shape == [0, 2])
    }
    let piped = try NumPyArchive(path: directory.file("piped.npz"))
    #expect(try piped["a"].as(UInt16.self)?.elements == a)
  }

  @Test("NumPy reads what is written")
  func toNumPy() throws {
    let directory = try TemporaryDirectory()
    for type in SampleType.allCases {
      let zeros = try AnyNDArray(zeros: AxisSizes(unnamed: [3, 4, 5]), sampleType: type)
      try zeros.write(npy: directory.file("\(type).npy"))
    }
    let numbers = try NDArray((0..<60).map { Int32($0) - 30 }, shape: [3, 4, 5])
    try numbers.write(npy: directory.file("numbers.npy"))
    try numbers.transposed().write(npy: directory.file("transposed.npy"))
    try NDArray([2.5], shape: []).write(npy: directory.file("scalar.npy"))
    try NDArray([Double](), shape: [2, 0]).write(npy: directory.file("empty.npy"))
    for (name, compressing) in [("stored", false), ("deflated", true)] {
      try NumPyArchive.write(
        [("κ", numbers.erased), ("b", try numbers.transposed().erased)],
        to: directory.file("\(name).npz"), compressing: compressing)
    }
    try run(
      """
      import numpy as np, zipfile
      for t in ['uint8','uint16','uint32','int8','int16','int32','float32','float64']:
        a = np.load(t + '.npy')
        assert a.dtype == t and a.shape == (3, 4, 5) and not a.any(), t
      n = np.arange(60, dtype='i4').reshape(3, 4, 5) - 30
      assert (np.load('numbers.npy') == n).all()
      assert (np.load('transposed.npy') == n.T).all()
      assert np.load('transposed.npy').flags.c_contiguous
      assert np.load('scalar.npy') == 2.5 and np.load('scalar.npy').shape == ()
      assert np.load('empty.npy').shape == (2, 0)
      assert np.load('numbers.npy', mmap_mode='r').sum() == n.sum()
      for name in ['stored', 'deflated']:
        assert zipfile.ZipFile(name + '.npz').testzip() is None
        z = np.load(name + '.npz')
        assert z.files == ['κ', 'b'], z.files
        assert (z['κ'] == n).all() and (z['b'] == n.T).all()
      """, in: directory)
  }
}
