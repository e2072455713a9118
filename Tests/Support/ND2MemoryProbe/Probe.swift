import ND2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Opens the file that it is given, asks for everything but pixels, and prints how much the process
// grew by at its largest, in bytes, and how long it took, in seconds. A process of its own, so that
// nothing else counts; Linux only.
@main
enum Probe {
  static func main() {
    guard CommandLine.arguments.count == 2 else { exit(2) }
    let path = CommandLine.arguments[1]
    let before = peakByteCount()
    let clock = ContinuousClock()
    let time = clock.measure { ask(path) }
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    print(peakByteCount() - before, seconds)
  }

  private static func ask(_ path: String) {
    guard let file = try? ND2File(path: path) else { return }
    // Everything stays, as in a program that shows it all.
    var kept: [Any?] = [file.metadata, file.experimentPlan, file.textInfo, file.sizes, file.chunks]
    kept.append(try? file.rois())
    kept.append(try? file.recordedData())
    kept.append(try? file.experimentEvents())
    kept.append(try? file.events())
    kept.append(try? file.customData())
    kept.append(try? file.customDescription())
    kept.append(try? file.jobs())
    kept.append(try? file.wellPlate())
    kept.append(try? file.applicationInfo())
    kept.append(try? file.unstructuredMetadata())
    kept.append(try? file.binaryLayers())
    kept.append(try? file.roisTable())
    kept.append(try? file.positionsTable())
    kept.append(try? file.framesTable())
    for element in file.sizes where !element.axis.isInFrame {
      kept.append(try? file.coordinate(element.axis))
    }
    for frame in 0..<min(file.frameCount, 1000) { kept.append(try? file.frameMetadata(frame)) }
    kept.append(file.diagnostics)
    withExtendedLifetime(kept) {}
  }

  /// The largest size that the process had, by the operating system's count.
  private static func peakByteCount() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("VmHWM:") else { continue }
      return (Int(text.filter { ("0"..."9").contains($0) }) ?? 0) * 1024
    }
    return 0
  }
}
