// Compiled on Apple's systems only.
#if canImport(CoreML)
  public import CoreML

  extension NDArray where Scalar: MLShapedArrayScalar {
    /// The elements as a shaped array of Core ML, which has no names of axes.
    public var shapedArray: MLShapedArray<Scalar> {
      MLShapedArray(scalars: elements, shape: shape)
    }

    /// Creates an array of the elements of a shaped array; its axes have no names.
    ///
    /// - Throws: ``ND2Error/Code/limitExceeded`` when the memory cannot be had.
    public init(_ shapedArray: MLShapedArray<Scalar>) throws {
      try self.init(shapedArray.scalars, shape: shapedArray.shape)
    }
  }

  extension NDArray where Scalar: MLTensorScalar {
    /// The elements as a tensor of Core ML, which has no names of axes.
    public var tensor: MLTensor {
      MLTensor(shape: shape, scalars: elements, scalarType: Scalar.self)
    }
  }
#endif
