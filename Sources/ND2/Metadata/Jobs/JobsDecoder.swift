package import ND2Format

/// Reads the definition of a JOBS run (nd2-format §3.13).
package enum JobsDecoder {
  /// The chunks that belong together.
  package struct Chunks: Sendable {
    /// Data of `CustomData|JobDefinitionV1_0!`.
    package var definition: [UInt8]
    /// Data of `CustomData|JobDefinitionDescV1_0!`, if the file has it.
    package var description: [UInt8]?
    /// Data of `CustomData|JobRunGUIDV1_0!`, if the file has it.
    package var runGUID: [UInt8]?

    package init(definition: [UInt8], description: [UInt8]? = nil, runGUID: [UInt8]? = nil) {
      self.definition = definition
      self.description = description
      self.runGUID = runGUID
    }
  }

  /// Decodes the run. A part that cannot be decoded is left out with a diagnostic.
  package static func decode(
    _ chunks: Chunks, limits: ParsingLimits = .standard, log: inout DiagnosticLog
  ) -> JobsRun {
    let definition = tree(chunks.definition, ChunkName.jobDefinition, limits, &log)
    let description = chunks.description.flatMap {
      tree($0, ChunkName.jobDescription, limits, &log)
    }
    let protected = definition?[stripped: "ProtectedJob"]
    return JobsRun(
      runGUID: chunks.runGUID.map(UTF16Text.decode) ?? "",
      programDescription: description.map { ($0[stripped: "ProgramDesc"] ?? $0).json() },
      job: protected == nil ? definition?[stripped: "Job"]?.json() : nil,
      protectedJob: protected?.json())
  }

  private static func tree(
    _ bytes: [UInt8], _ chunk: String, _ limits: ParsingLimits, _ log: inout DiagnosticLog
  ) -> MetadataValue? {
    do throws(Malformed) {
      let decoded = try MetadataDecoder.decode(bytes, limits: limits)
      log.damage(decoded.problems, in: chunk)
      var expansion = NestedExpansion(limits: limits)
      return expansion.expand(decoded.root)
    } catch {
      log.damage("the JOBS run could not be decoded: \(error)", chunk: chunk, offset: error.offset)
      return nil
    }
  }
}
