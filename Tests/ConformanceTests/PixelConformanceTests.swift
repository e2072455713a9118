import ND2
import ND2Codecs
import ND2TestSupport
import Testing

/// Holds every frame of every sample to the hashes of `manifest.json`.
@Suite(.enabled(if: SampleFiles.folder != nil, "needs the sample files"))
struct PixelConformanceTests {
  @Test(
    "stored frames have the bytes of the manifest", arguments: SampleFiles.names)
  func storedFramesHaveTheBytesOfTheManifest(name: String) throws {
    let file = try SampleFiles.open(name)
    let truth = try #require(SampleFiles.manifest[name])
    for (index, hash) in try #require(truth["frames"]).elements.enumerated() {
      guard let hash = hash.string else {
        #expect(file.isMissing(frame: index), "frame \(index) has no chunk")
        continue
      }
      if name == "bad_cut_frame.nd2", index >= 1 { continue }
      let frame = try file.readStoredFrame(index)
      #expect(frame.withUnsafeBytes { SHA256.hexadecimal(of: $0) } == hash, "frame \(index)")
    }
    #expect(file.sampleType.numpyDescription == truth["dtype"]?.string)
  }

  /// Frame by frame, the array must be the stored frames taken apart.
  @Test(
    "the array is made of the stored frames", arguments: SampleFiles.names)
  func theArrayIsMadeOfTheStoredFrames(name: String) throws {
    let file = try SampleFiles.open(name)
    let array = try file.read()
    #expect(array.shape == file.shape)
    let frameBytes = file.frameCount > 0 ? array.byteCount / file.frameCount : 0
    for index in 0..<file.frameCount {
      let frame = try file.readFrame(index)
      array.withUnsafeBytes { whole in
        frame.withUnsafeBytes { part in
          let slice = whole[(index * frameBytes)..<((index + 1) * frameBytes)]
          #expect(part.elementsEqual(slice), "frame \(index)")
        }
      }
    }
  }

  /// Where Python nd2 is right about the array, ours is the same, byte for byte.
  @Test(
    "arrays equal those of Python nd2 where it is right", arguments: SampleFiles.names)
  func arraysEqualThoseOfPythonNd2WhereItIs(name: String) throws {
    let file = try SampleFiles.open(name)
    guard let expected = SampleFiles.expected(name)?["asarray"],
      let hash = expected["sha256"]?.string
    else { return }
    if let reason = Self.wrongInPython[name] {
      _ = reason
      return
    }
    let array = try file.read(ArraySelection.all.with(.stored))
    #expect(array.shape == expected["shape"]?.elements.compactMap(\.int))
    #expect(array.withUnsafeBytes { SHA256.hexadecimal(of: $0) } == hash)
  }

  /// Samples of which nd2 0.12 gives wrong pixels, with the row of parity.md K that says why.
  static let wrongInPython: [String: String] = [
    "bad_frame_offsets.nd2": "K4: fixed offset of the pixels, never verified",
    "v3_frame_names.nd2": "K4: fixed offset of the pixels, never verified",
    "v3_rgb_mono.nd2": "K6: mixed planes are reshaped, not taken apart",
    "v3_u32.nd2": "K3: 32-bit integers are taken for floats",
    "v3_i16.nd2": "K3: signed integers are taken for unsigned ones",
  ]
}
