// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "nd2-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-nd2", path: "..")],
  targets: [
    .executableTarget(
      name: "nd2-bench",
      dependencies: [
        .product(name: "ND2", package: "swift-nd2"),
        .product(name: "ND2Writer", package: "swift-nd2"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
