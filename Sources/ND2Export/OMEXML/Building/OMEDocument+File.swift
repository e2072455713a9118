public import ND2

extension OMEDocument {
  /// Describes a file, or a part of it.
  ///
  /// There is an image for each stage position. Loops over time and loops that users defined become
  /// the time points. Coloured channels have three samples a pixel, red first; files with both
  /// coloured and plain channels have a channel for every component. The height of a plane is its own.
  ///
  /// What the schema cannot say is in annotations: frames that are not stored and, on request,
  /// everything that the file says.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for a part that the file does not have; what reading
  ///   metadata throws; what ``OMEOptions/modify`` throws.
  public init(of file: ND2File, options: OMEOptions = OMEOptions()) throws {
    let part = try OMEPart(of: file, options)
    let facts = try OMEFacts(reading: file, options)
    self = try OMEBuilder(file: file, options: options, part: part, facts: facts).document()
  }

  /// Describes a file, or a part of it; see the blocking form.
  public init(of file: ND2File, options: OMEOptions = OMEOptions()) async throws {
    let part = try OMEPart(of: file, options)
    let facts = try await OMEFacts(reading: file, options)
    self = try OMEBuilder(file: file, options: options, part: part, facts: facts).document()
  }
}
