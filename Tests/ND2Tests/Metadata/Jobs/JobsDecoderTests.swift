import ND2
import ND2Format
import ND2TestSupport
import ND2Writer
import Testing

@Suite("JOBS runs")
struct JobsDecoderTests {
  private func decode(
    _ definition: MetadataValue, description: MetadataValue? = nil, guid: [UInt8]? = nil
  ) throws -> JobsRun {
    var log = DiagnosticLog()
    let chunks = JobsDecoder.Chunks(
      definition: LiteVariantEncoder.encode(definition),
      description: description.map { LiteVariantEncoder.encode($0) }, runGUID: guid)
    let run = JobsDecoder.decode(chunks, log: &log)
    #expect(log.entries.isEmpty)
    return run
  }

  @Test("A run of a file is read with its tasks decoded")
  func wholeFile() throws {
    let chunks = try ChunkBox(try #require(Gallery.all["jobs_and_plate"]))
    var log = DiagnosticLog()
    let run = JobsDecoder.decode(
      .init(
        definition: try #require(chunks[ChunkName.jobDefinition]),
        description: chunks[ChunkName.jobDescription], runGUID: chunks[ChunkName.jobRunGUID]),
      log: &log)
    #expect(run.runGUID == "{6F1B7C1E-0001-4D6C-9B3E-5A3C6E0D0001}")
    #expect(run.name == "Scan")
    #expect(!run.isProtected)
    #expect(run.tasks.map(\.key) == ["Task_1"])
    #expect(run.tasks.map(\.name) == ["Capture"])
    #expect(
      try JSONValue(encoding: run).text() == """
        {"Job":{"Property":{"Name":"Scan","State":0},"Tasks":{"Task_1":{"Name":"Capture",\
        "Data":{"CaptureDefinition":{"ExposureMs":12.5}}}}},"ProtectedJob":null,\
        "JobRunGUID":"{6F1B7C1E-0001-4D6C-9B3E-5A3C6E0D0001}","ProgramDesc":{"JobDefType":1}}
        """)
    #expect(try JSONValue(encoding: run).decode() == run)
    #expect(log.entries.isEmpty)
  }

  @Test("A protected run has no definition, but its encrypted one")
  func protected() throws {
    let run = try decode(
      .object(["ProtectedJob": .object(["uiDataSize": .uint32(2), "baData": .bytes([9, 8])])]))
    #expect(run.isProtected && run.job == nil && run.tasks.isEmpty && run.name == nil)
    #expect(
      try JSONValue(encoding: run).text() == """
        {"Job":null,"ProtectedJob":{"DataSize":2,"Data":[9,8]},"JobRunGUID":""}
        """)
  }

  @Test("Byte arrays that are no trees stay arrays of numbers")
  func opaqueData() throws {
    let run = try decode(
      .object([
        "Job": .object(["baA": .bytes([1, 1, 0, 0, 1]), "baB": .bytes([]), "baC": .bytes([1, 0])])
      ]))
    #expect(run.job?.text() == #"{"A":[1,1,0,0,1],"B":[],"C":[1,0]}"#)
  }

  @Test("A definition that cannot be decoded is reported")
  func damaged() {
    var log = DiagnosticLog()
    let run = JobsDecoder.decode(.init(definition: [99, 1, 2]), log: &log)
    #expect(run == JobsRun())
    #expect(log.entries.map(\.severity) == [.damage])
  }

  @Test("Hostile bytes never trap")
  func hostile() throws {
    let nested = LiteVariantEncoder.encode(
      .object(["CLx": .object(["dE": .double(1), "l": .list([.int32(1)])])]))
    let bytes = LiteVariantEncoder.encode(
      .object(["Job": .object(["Tasks": .object(["T": .object(["baData": .bytes(nested)])])])]))
    func check(_ bytes: [UInt8]) {
      var log = DiagnosticLog()
      let chunks = JobsDecoder.Chunks(definition: bytes, description: bytes, runGUID: bytes)
      _ = JobsDecoder.decode(chunks, log: &log).tasks
    }
    for damaged in HostileBytes.prefixes(of: bytes) { check(damaged) }
    for damaged in HostileBytes.flips(of: bytes) { check(damaged) }
    for damaged in HostileBytes.numbers(of: bytes) { check(damaged) }
    let packed = try LiteVariantEncoder.compress(bytes)
    for damaged in HostileBytes.flips(of: packed) { check(damaged) }
  }
}
