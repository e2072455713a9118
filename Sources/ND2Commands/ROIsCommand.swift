import ArgumentParser
import ND2

/// `nd2 rois`: regions of interest.
struct ROIsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rois",
    abstract: "Lists the regions of interest.",
    discussion: """
      The table gives places in pixels from the top left corner, of the first step of a region that \
      moves. JSON gives everything as stored: an object of regions by number.
      """)

  @OptionGroup var input: FileArgument
  @OptionGroup var format: JSONOption
  @OptionGroup var common: CommonOptions

  var wantsJSON: Bool { format.json }

  func perform(in session: Session) throws {
    let file = try session.open(input.file)
    let regions = try file.rois()
    if format.json {
      session.print(try JSONValue(encoding: regions))
    } else if regions.isEmpty {
      session.say("The file has no regions of interest.")
    } else {
      session.lines(table(regions, of: file, session.console.output.terminal))
    }
    session.report(file.diagnostics)
  }

  private func table(
    _ regions: ROICollection, of file: ND2File, _ terminal: Terminal
  ) -> [String] {
    let hasPositions = regions.contains { $0.positionIndex != nil }
    var table = TextTable(
      [.init("ID", .right), .init("Label"), .init("Shape"), .init("Use"), .init("Colour")]
        + (hasPositions ? [.init("Position", .right)] : [])
        + [
          .init("X", .right), .init("Y", .right), .init("Width", .right), .init("Height", .right),
          .init("Steps", .right),
        ])
    for region in regions {
      table.add(
        [
          String(region.id), region.info.label, "\(region.info.shape)",
          "\(region.info.interpretation)",
          Color(abgr: UInt32(truncatingIfNeeded: region.info.color)).hex,
        ]
          + (hasPositions ? [region.positionIndex.map(String.init) ?? "all"] : [])
          + place(of: region, in: file) + [String(region.animationParameters.count)])
    }
    return table.lines(for: terminal)
  }

  /// Centre and size of the box in pixels.
  private func place(of region: ROI, in file: ND2File) -> [String] {
    guard let first = region.animationParameters.first else { return ["", "", "", ""] }
    let (width, height) = (file.attributes.widthPx, file.attributes.heightPx)
    let box = first.boundingBoxInPixels(imageWidth: width, imageHeight: height)
    return [box.x + box.width / 2, box.y + box.height / 2, box.width, box.height].map {
      HumanText.number($0, decimals: 1)
    }
  }
}
