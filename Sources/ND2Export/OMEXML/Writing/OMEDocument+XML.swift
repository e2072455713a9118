extension OMEDocument {
  /// The document as XML, in UTF-8.
  public func xml() -> [UInt8] {
    var bytes: [UInt8] = []
    // Memory takes everything, so nothing can fail.
    try? write { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// The document as text.
  public func xmlText() -> String { String(decoding: xml(), as: UTF8.self) }

  /// Writes the document as XML, in UTF-8, piece by piece.
  ///
  /// The document is valid by the schema 2016-06 when its identifiers are consistent and its numbers
  /// are in range. Numbers that the schema does not allow, such as a wavelength of zero, are left
  /// out; characters that XML does not allow become U+FFFD.
  ///
  /// - Parameter pass: gets the bytes; what it throws ends the writing.
  public func write(_ pass: (UnsafeRawBufferPointer) throws -> Void) throws {
    try withoutActuallyEscaping(pass) { pass in
      var writer = XMLWriter(pass: pass)
      try write(to: &writer)
    }
  }

  private func write(to writer: inout XMLWriter) throws {
    writer.begin("OME")
    writer.attribute("xmlns", OME.namespace)
    writer.attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    writer.attribute("xsi:schemaLocation", "\(OME.namespace) \(OME.schemaLocation)")
    writer.attribute("UUID", uuid?.description)
    writer.attribute("Creator", creator)
    for plate in plates { try writer.write(plate) }
    for experimenter in experimenters { writer.write(experimenter) }
    for instrument in instruments { writer.write(instrument) }
    for image in images { try writer.write(image) }
    if !annotations.isEmpty {
      writer.begin("StructuredAnnotations")
      for annotation in annotations { try writer.write(annotation) }
      writer.end()
    }
    for roi in rois { try writer.write(roi) }
    writer.end()
    try writer.finish()
  }
}

extension XMLWriter {
  /// Writes an element that only refers to another.
  mutating func reference(_ name: StaticString, _ id: String?) {
    guard let id else { return }
    begin(name)
    attribute("ID", id)
    end()
  }

  /// Writes an element that has only text.
  mutating func element(_ name: StaticString, text value: String?) {
    guard let value else { return }
    begin(name)
    text(value)
    end()
  }

  fileprivate mutating func write(_ experimenter: OME.Experimenter) {
    begin("Experimenter")
    attribute("ID", experimenter.id)
    attribute("FirstName", experimenter.firstName)
    attribute("LastName", experimenter.lastName)
    attribute("Email", experimenter.email)
    attribute("Institution", experimenter.institution)
    attribute("UserName", experimenter.userName)
    end()
  }

  fileprivate mutating func write(_ annotation: OME.Annotation) throws {
    switch annotation.content {
    case .map(let map):
      begin("MapAnnotation")
      writeHead(of: annotation)
      try write(map, as: "Value")
    case .comment(let text):
      begin("CommentAnnotation")
      writeHead(of: annotation)
      element("Value", text: text)
    }
    end()
    try relieve()
  }

  private mutating func writeHead(of annotation: OME.Annotation) {
    attribute("ID", annotation.id)
    attribute("Namespace", annotation.namespace)
    element("Description", text: annotation.description)
  }

  /// Writes names and values.
  mutating func write(_ map: OME.Map, as name: StaticString) throws {
    begin(name)
    for entry in map.entries {
      begin("M")
      attribute("K", entry.key)
      text(entry.value)
      end()
      try relieve()
    }
    end()
  }
}
