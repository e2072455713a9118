public import ND2

extension PictureRenderer {
  /// The pixels that a view shows: axes C (of the channels that are shown and those between them), Y,
  /// X, and S for colour images, without those of one element.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` for a place that the file does not have, and the
  ///   errors of reading.
  public func pixels(of view: PictureView) throws -> AnyNDArray {
    try check(view)
    let projected = projectedAxes(of: view)
    let array: AnyNDArray
    if let reduction = view.reduction, !projected.isEmpty {
      array =
        view.level > 0
        ? try projection(of: view, reduction, projected)
        : try projectionOfFullSize(of: view, reduction, projected)
    } else if view.level > 0 || view.frame != nil {
      array = try cropped(try file.readFrame(try frame(of: view), level: view.level), view)
    } else {
      let selection = try selection(of: view, projected: [])
      array = try supply?.array(of: selection) ?? file.read(selection)
    }
    return try array.squeezed(array.sizes.axes.filter { !$0.isInFrame })
  }

  /// The axes along which a view is made of several frames.
  func projectedAxes(of view: PictureView) -> [Axis] {
    guard view.reduction != nil else { return [] }
    return view.projectedAxes.filter { (file.loopLayout.axes[$0] ?? 1) > 1 }
  }

  /// The rows and columns of the file that a view shows.
  static func extent(of view: PictureView, in file: ND2File) -> (Range<Int>, Range<Int>) {
    let (height, width) = (file.sizes[.y] ?? 1, file.sizes[.x] ?? 1)
    return (view.rows ?? 0..<height, view.columns ?? 0..<width)
  }

  /// The number of the frame that a view shows, or of the first that it is made of.
  ///
  /// - Throws: `ND2Error.Code.invalidRequest` when the loops do not reach it.
  public func frame(of view: PictureView) throws -> Int {
    if let frame = view.frame { return frame }
    let places = file.loopLayout.axes.map { view.indices[$0.axis] ?? 0 }
    if let frame = file.loopLayout.frameIndex(at: places) { return frame }
    if places.allSatisfy({ $0 == 0 }) { return 0 }
    throw ND2Error(.invalidRequest, "the file has no such frame")
  }

  private func check(_ view: PictureView) throws {
    let axes = file.loopLayout.axes
    for (axis, index) in view.indices.ordered(by: { $0.key.rawValue < $1.key.rawValue }) {
      let count = axes[axis] ?? 1
      guard !axis.isInFrame, index >= 0, index < count else {
        throw ND2Error(
          .invalidRequest, "there is no place \(index) along axis \(axis): it has \(count)")
      }
    }
    if let axis = view.projectedAxes.first(where: \.isInFrame) {
      throw ND2Error(
        .invalidRequest, "a picture needs the axis \(axis), which cannot be projected")
    }
    guard view.level >= 0, view.level < 32 else {
      throw ND2Error(.invalidRequest, "there is no level \(view.level)")
    }
    let (height, width) = (file.sizes[.y] ?? 1, file.sizes[.x] ?? 1)
    for (range, count, name) in [(view.rows, height, "rows"), (view.columns, width, "columns")] {
      guard let range else { continue }
      guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty else {
        throw ND2Error(
          .invalidRequest,
          "\(name) \(range.lowerBound) to \(range.upperBound) are not within the \(count) of the file"
        )
      }
    }
  }

  func selection(of view: PictureView, projected: [Axis]) throws -> ArraySelection {
    var selection = ArraySelection.all
    for element in file.sizes where !element.axis.isInFrame && !projected.contains(element.axis) {
      selection = selection.with(element.axis, view.indices[element.axis] ?? 0)
    }
    if let rows = view.rows, file.sizes[.y] != nil { selection = selection.with(.y, rows) }
    if let columns = view.columns, file.sizes[.x] != nil {
      selection = selection.with(.x, columns)
    }
    if file.sizes[.channel] != nil {
      let channels = try shownChannels()
      if let first = channels.min(), let last = channels.max() {
        selection = selection.with(.channel, first..<(last + 1))
      }
    }
    return selection
  }

  /// Rows, columns and channels of a frame that was read as a whole.
  private func cropped(_ array: AnyNDArray, _ view: PictureView) throws -> AnyNDArray {
    var slices: [(axis: Axis, slice: AxisSlice)] = []
    for (axis, range) in [(Axis.y, view.rows), (.x, view.columns)] {
      guard let range, let count = array.sizes[axis] else { continue }
      let low = min(range.lowerBound >> view.level, count - 1)
      slices.append((axis, .range(low..<max(low + 1, min(range.upperBound >> view.level, count)))))
    }
    if array.sizes[.channel] != nil {
      let channels = try shownChannels()
      if let first = channels.min(), let last = channels.max() {
        slices.append((.channel, .range(first..<(last + 1))))
      }
    }
    return slices.isEmpty ? array : try array.slicing(slices)
  }

  private func projectionOfFullSize(
    of view: PictureView, _ reduction: Reduction, _ projected: [Axis]
  ) throws -> AnyNDArray {
    let selection = try selection(of: view, projected: projected)
    let slices = file.sizes.axes.compactMap { axis in
      selection.ranges[axis].map { (axis: axis, slice: AxisSlice.range($0)) }
    }
    let projection = try file.lazyArray().slicing(slices).reduced(reduction, over: projected)
    guard file.isRemote else {
      return try projection.compute(ComputeOptions(threadCount: threadCount))
    }
    // As many requests at a time as the file allows, whatever the pictures beside this one do.
    let memory = max(32 << 20, (192 << 20) / WorkerTeam.coreCount)
    return try projection.compute(ComputeOptions(memoryByteCount: memory))
  }

  /// A projection of reduced frames, a few of them in memory at a time.
  private func projection(
    of view: PictureView, _ reduction: Reduction, _ projected: [Axis]
  ) throws -> AnyNDArray {
    let step: Axis = "step"
    let folding: Reduction = reduction == .mean ? .sum : reduction
    guard folding != .standardDeviation else {
      throw ND2Error(
        .invalidRequest, "standard deviations are made of full frames; leave the level out")
    }
    var places: [[Axis: Int]] = [view.indices]
    for axis in projected {
      let count = file.loopLayout.axes[axis] ?? 1
      places = places.flatMap { place in
        (0..<count).map { place.merging([axis: $0]) { _, new in new } }
      }
    }
    var result: AnyNDArray?
    let threads = file.threadCount(
      forPiecesOf: file.frameLayout.frameByteCount, memoryLimit: 128 << 20)
    let batch = max(8, threads)
    for start in stride(from: 0, to: places.count, by: batch) {
      var arrays = try reducedFrames(
        places[start..<min(start + batch, places.count)].map { place in
          var single = view
          single.indices = place
          return single
        }, threads: file.isRemote ? threads : 1)
      if folding == .sum {
        arrays = try arrays.map {
          try LazyArray($0).cast(to: .float64, .saturating).compute()
        }
      }
      if let result { arrays.append(result) }
      let stack = try LazyArray.concatenated(
        arrays.map { try LazyArray($0.inserting(step, at: 0)) }, along: step)
      result = try stack.reduced(folding, over: [step]).compute()
    }
    guard let result else { throw ND2Error(.invalidRequest, "there is nothing to project") }
    guard reduction == .mean else { return result }
    return try LazyArray(result).applying(.divide, Double(places.count), isLeft: false).compute()
  }

  /// The frames of views at their level, cut.
  private func reducedFrames(_ views: [PictureView], threads: Int) throws -> [AnyNDArray] {
    let frames = Lock([Int: AnyNDArray]())
    try ParallelWork.run(count: views.count, threads: threads) { [self] number in
      let view = views[number]
      let frame = try file.readFrame(try frame(of: view), level: view.level)
      let array = try cropped(frame, view)
      frames.withLock { $0[number] = array }
    }
    return frames.withLock { frames in views.indices.compactMap { frames[$0] } }
  }

  /// The line of text for a view.
  func labelText(of view: PictureView) throws -> String {
    guard !style.annotations.labels.isEmpty else { return "" }
    let coordinates = view.frame.map { file.coordinates(ofFrame: $0) } ?? []
    func index(_ axis: Axis) -> Int? {
      if view.reduction != nil, view.projectedAxes.contains(axis) { return nil }
      return coordinates.first { $0.axis == axis }?.index ?? view.indices[axis] ?? 0
    }
    var parts: [String] = []
    for label in style.annotations.labels {
      switch label {
      case .time:
        guard index(.time) != nil else { continue }
        parts.append(
          PictureAnnotations.text(
            ofTime: try file.frameTime(try frame(of: view)).relativeTimeMs))
      case .height:
        guard let place = index(.z) else { continue }
        if let heights = try file.coordinate(.z)?.numbers, heights.indices.contains(place) {
          parts.append("z \(PictureMath.text(heights[place], decimals: 2)) µm")
        } else {
          parts.append("z \(place)")
        }
      case .position:
        guard let place = index(.position) else { continue }
        let names = file.positionLabels
        parts.append(names.indices.contains(place) ? names[place] : "XYPos:\(place)")
      case .channels:
        let names = file.channelNames
        parts += try shownChannels().filter { names.indices.contains($0) }.map { names[$0] }
      case .text(let text): parts.append(text)
      }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: PictureAnnotations.separator)
  }
}
