// swift-tools-version: 6.1
import PackageDescription

/// Warnings are errors in our own targets when the repository's scripts build it; a dependant's
/// build is never broken by a newer compiler's new warning.
let strict = Context.environment["ND2_STRICT"] != nil

/// Locks are made in a way that ThreadSanitizer sees; scripts/test sets this.
let isThreadSanitized = Context.environment["ND2_THREAD_SANITIZER"] != nil

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (strict ? [.unsafeFlags(["-warnings-as-errors"])] : [])
  + (isThreadSanitized ? [.define("ND2_THREAD_SANITIZER")] : [])

/// Pixels and parsers are optimised even in debug builds of the repository itself: the tests read
/// some hundred megabytes. Checks of overflow and bounds stay.
let fastSettings =
  settings + (strict ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : [])

/// The documentation's builder is fetched for scripts/docs only: nobody else needs it.
let documentation: [Package.Dependency] =
  Context.environment["ND2_DOCS"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", "1.5.0"..<"1.6.0")]

let package = Package(
  name: "swift-nd2",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "ND2", targets: ["ND2"]),
    .library(name: "ND2Export", targets: ["ND2Export"]),
    .library(name: "ND2Remote", targets: ["ND2Remote"]),
    .library(name: "ND2Writer", targets: ["ND2Writer"]),
    .executable(name: "nd2", targets: ["ND2CLI"]),
    // For the package in Fuzz only: fuzzing needs the parsers that are not public.
    .library(name: "_ND2FuzzTargets", targets: ["ND2FuzzTargets"]),
  ],
  traits: [
    .trait(
      name: "JPEG2000",
      description: "Reads and writes legacy files (version 1.0); needs the library OpenJPEG."),
    .trait(
      name: "Remote",
      description: "Reads files across networks; needs the libraries curl and OpenSSL (crypto)."),
    .default(enabledTraits: ["JPEG2000", "Remote"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", "1.8.2"..<"1.9.0")
  ] + documentation,
  targets: [
    .systemLibrary(
      name: "CLibdeflate", pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
    .systemLibrary(
      name: "CISAL", pkgConfig: "libisal",
      providers: [.apt(["libisal-dev"]), .brew(["isa-l"])]),
    .systemLibrary(
      name: "COpenJPEG", pkgConfig: "libopenjp2",
      providers: [.apt(["libopenjp2-7-dev"]), .brew(["openjpeg"])]),
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(
      name: "CBlosc", pkgConfig: "blosc",
      providers: [.apt(["libblosc-dev"]), .brew(["c-blosc"])]),
    .systemLibrary(
      name: "CTIFF", pkgConfig: "libtiff-4",
      providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
    .systemLibrary(
      name: "CCURL", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),

    // Compressed bytes <-> bytes. Knows no file format.
    .target(
      name: "ND2Codecs",
      dependencies: [
        "CLibdeflate", "CISAL", "CZstd", "CBlosc",
        .target(name: "COpenJPEG", condition: .when(traits: ["JPEG2000"])),
      ], swiftSettings: fastSettings),
    // Bytes -> structure. Pure: never reads a file, never waits, never traps.
    .target(name: "ND2Format", dependencies: ["ND2Codecs"], swiftSettings: fastSettings),
    // The module that users import: open, describe, read.
    .target(name: "ND2", dependencies: ["ND2Format", "ND2Codecs"], swiftSettings: fastSettings),
    // Bytes across networks: HTTP and the object stores.
    .target(
      name: "ND2Remote",
      dependencies: [
        "ND2", .target(name: "CCURL", condition: .when(traits: ["Remote"])),
        .target(name: "CCrypto", condition: .when(traits: ["Remote"])),
      ], swiftSettings: fastSettings),
    // Other formats: pictures, OME-XML, TIFF.
    .target(
      name: "ND2Export", dependencies: ["ND2", "ND2Codecs", "CTIFF"], swiftSettings: fastSettings),
    // Writes ND2 files: frame by frame, or samples and fixtures at once.
    .target(
      name: "ND2Writer", dependencies: ["ND2", "ND2Format", "ND2Codecs"],
      swiftSettings: fastSettings),
    // One file per subcommand of `nd2`.
    .target(
      name: "ND2Commands",
      dependencies: [
        "ND2", "ND2Codecs", "ND2Export", "ND2Remote", "ND2Writer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .executableTarget(name: "ND2CLI", dependencies: ["ND2Commands"], swiftSettings: settings),

    .target(
      name: "ND2TestSupport", dependencies: ["ND2", "ND2Codecs", "ND2Format", "ND2Writer"],
      path: "Tests/Support/ND2TestSupport",
      swiftSettings: fastSettings),
    // Measures what opening a file takes, in a process of its own.
    .executableTarget(
      name: "nd2-memory-probe", dependencies: ["ND2"], path: "Tests/Support/ND2MemoryProbe",
      swiftSettings: fastSettings),
    // Measures reading across a network beside a bare loop on libcurl.
    .executableTarget(
      name: "nd2-remote-probe",
      dependencies: [
        "ND2Remote", "ND2", .target(name: "CCURL", condition: .when(traits: ["Remote"])),
      ],
      path: "Tests/Support/ND2RemoteProbe", swiftSettings: fastSettings),
    // What fuzzing gives bytes to, and its seeds; the tests replay findings through the same.
    .target(
      name: "ND2FuzzTargets",
      dependencies: [
        "ND2", "ND2Codecs", "ND2Export", "ND2Format", "ND2Writer", "ND2TestSupport",
      ],
      path: "Tests/Support/ND2FuzzTargets", swiftSettings: fastSettings),
    .testTarget(
      name: "ND2CodecsTests", dependencies: ["ND2Codecs", "ND2TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ND2FormatTests",
      dependencies: ["ND2Format", "ND2Codecs", "ND2Writer", "ND2TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ND2Tests",
      dependencies: [
        "ND2", "ND2Codecs", "ND2Format", "ND2Writer", "ND2TestSupport", "ND2FuzzTargets",
        "nd2-memory-probe",
      ],
      // Past findings of fuzzing, read by their path.
      exclude: ["Robustness/Cases"], swiftSettings: settings),
    .testTarget(
      name: "ND2RemoteTests",
      dependencies: ["ND2Remote", "ND2Commands", "ND2", "ND2Writer", "ND2TestSupport"],
      swiftSettings: fastSettings),
    .testTarget(
      name: "ND2WriterTests",
      dependencies: ["ND2", "ND2Format", "ND2Codecs", "ND2Writer", "ND2TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ND2ExportTests",
      dependencies: ["ND2Export", "ND2", "ND2Codecs", "CTIFF", "ND2Writer", "ND2TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ND2CommandsTests",
      dependencies: [
        "ND2Commands", "ND2Export", "ND2", "ND2Format", "ND2Codecs", "ND2Writer", "ND2TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["Golden"], swiftSettings: settings),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "ND2", "ND2Codecs", "ND2Format", "ND2Export", "ND2Commands", "ND2TestSupport",
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
