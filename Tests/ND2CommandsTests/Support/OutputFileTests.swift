import ND2
import Testing

@testable import ND2Commands

@Suite("Output files")
struct OutputFileTests {
  @Test("An output appears when it is committed, not before")
  func commit() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("result.bin")
    let output = try OutputFile(path: path, overwrite: false)
    try output.write([1, 2, 3])
    #expect(!folder.names().contains("result.bin"))
    try output.commit()
    #expect(folder.names() == ["result.bin"])
    #expect(try folder.bytes("result.bin") == [1, 2, 3])
  }

  @Test("An output that is given up leaves nothing")
  func discard() throws {
    let folder = try TemporaryFolder()
    do {
      let output = try OutputFile(path: folder.path("result.bin"), overwrite: false)
      try output.write([1])
    }
    #expect(folder.names() == [])
  }

  @Test("An existing output is refused, and kept")
  func refusal() throws {
    let folder = try TemporaryFolder()
    try folder.write([9], to: "result.bin")
    #expect(throws: ND2Error.self) {
      try OutputFile(path: folder.path("result.bin"), overwrite: false)
    }
    #expect(try folder.bytes("result.bin") == [9])
  }

  @Test("A file that turns up in the meantime is not replaced")
  func race() throws {
    let folder = try TemporaryFolder()
    let output = try OutputFile(path: folder.path("result.bin"), overwrite: false)
    try output.write([1])
    try folder.write([9], to: "result.bin")
    #expect(throws: ND2Error.self) { try output.commit() }
    output.discard()
    #expect(folder.names() == ["result.bin"])
    #expect(try folder.bytes("result.bin") == [9])
  }

  @Test("With permission an existing output is replaced")
  func overwriting() throws {
    let folder = try TemporaryFolder()
    try folder.write([9], to: "result.bin")
    let output = try OutputFile(path: folder.path("result.bin"), overwrite: true)
    try output.write([1])
    try output.commit()
    #expect(try folder.bytes("result.bin") == [1])
    #expect(folder.names() == ["result.bin"])
  }

  @Test("The file that is being read is never replaced")
  func inputAsOutput() throws {
    let folder = try TemporaryFolder()
    try folder.write([9], to: "cells.nd2")
    let path = folder.path("cells.nd2")
    #expect(throws: ND2Error.self) {
      try OutputFile(path: folder.path("./cells.nd2"), overwrite: true, inputs: [path])
    }
    #expect(try folder.bytes("cells.nd2") == [9])
  }

  @Test("A folder, or a folder that is not there, is refused")
  func folders() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ND2Error.self) { try OutputFile(path: folder.path(""), overwrite: true) }
    #expect(throws: ND2Error.self) {
      try OutputFile(path: folder.path("nowhere/x.npy"), overwrite: false)
    }
  }

  @Test("A device is written to, not replaced")
  func device() throws {
    let output = try OutputFile(path: "/dev/null", overwrite: false)
    try output.write([1, 2, 3])
    try output.commit()
    #expect((try? FileSource(path: "/dev/null")) == nil)
  }
}
