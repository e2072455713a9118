// swift-tools-version: 6.1
import PackageDescription

// Fuzzing, apart from the library: its build needs a sanitizer and libFuzzer (scripts/fuzz).
let package = Package(
  name: "nd2-fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-nd2", path: "..")],
  targets: [
    .executableTarget(
      name: "nd2-fuzz", dependencies: [.product(name: "_ND2FuzzTargets", package: "swift-nd2")],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ],
  swiftLanguageModes: [.v6]
)
