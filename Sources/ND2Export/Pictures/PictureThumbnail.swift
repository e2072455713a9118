public import ND2

extension PictureRenderer {
  /// A small picture of the file: the middle position and focus plane of the first time point.
  ///
  /// - Parameters:
  ///   - side: pixels of the longer side, at most.
  ///   - reduction: projects the focus planes instead of taking the middle one.
  public func thumbnail(side: Int = 256, projectingFocus reduction: Reduction? = nil) throws
    -> Picture
  {
    var copy = self
    copy.style.mostPixels = max(1, side)
    return try copy.picture(of: thumbnailView(side: side, projectingFocus: reduction))
  }

  /// What ``thumbnail(side:projectingFocus:)`` shows: at the level that is just not smaller, so that
  /// files with a pyramid are read in a few bytes.
  public func thumbnailView(
    side: Int, projectingFocus reduction: Reduction? = nil
  ) -> PictureView {
    var view = PictureView()
    for axis in [Axis.position, .z] {
      view.indices[axis] = ((file.loopLayout.axes[axis] ?? 1) - 1) / 2
    }
    if let reduction {
      view.reduction = reduction
      view.projectedAxes = [.z]
    }
    let width = file.sizes[.x] ?? 1
    let height = file.sizes[.y] ?? 1
    let longer = max(width, height)
    while longer >> (view.level + 1) >= max(1, side), width >> (view.level + 1) > 0,
      height >> (view.level + 1) > 0
    {
      view.level += 1
    }
    // Halving a frame that is read in full serves nothing; the picture is made smaller afterwards.
    let stored = file.pyramidLevels.map(\.level).filter { $0 <= view.level }.max()
    view.level = stored ?? 0
    return view
  }
}
