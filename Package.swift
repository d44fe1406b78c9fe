// swift-tools-version: 6.2
import PackageDescription

// The kernel for each kind of processor that gets one of its own: the same sources, compiled for what it can do. Which
// one is used is decided when the program starts. In debug builds they are all alike.
#if arch(x86_64)
  let processors = ["V3": "x86-64-v3", "V4": "x86-64-v4"]
#else
  let processors: [String: String] = [:]
#endif
// Rows of few logits are worked on sixteen at a time where vectors are wide. The kernel for any processor does without, if there
// are others: it gives the same, and this is a third of its code.
let inLanes = SwiftSetting.define("ROWS_IN_LANES")
let kernels = processors.map { name, architecture in
  Target.target(
    name: "Kernel\(name)", dependencies: ["CVectors", "KernelInterface"],
    swiftSettings: [inLanes, .unsafeFlags(["-Xcc", "-march=\(architecture)"], .when(configuration: .release))])
}

// What has no loops over logits is better small than fast: the program is sent over networks.
let small = SwiftSetting.unsafeFlags(["-Osize"], .when(configuration: .release))

let package = Package(
  name: "logitree",
  products: [
    .executable(name: "logitree", targets: ["logitree"]),
    // Read logits, build, and use the tree: docs/library.md.
    .library(name: "LogitsToHierarchy", targets: ["Hierarchy", "LogitStream", "LogitsToHierarchy", "Store"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.7.0"),
  ],
  targets: [
    // The HDF5 C library, found by pkg-config.
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    // The libdeflate C library, found by pkg-config.
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    // The Zstandard and LZ4 C libraries, found by pkg-config.
    .systemLibrary(name: "CZstandard", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    // The zlib C library, found by pkg-config: libhdf5-dev needs it too.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // The checksums of files, written in order or not.
    .target(name: "Checksums", dependencies: ["CDeflate"]),
    // What kinds of errors there are.
    .target(name: "Errors"),
    // Text whose identity is its bytes.
    .target(name: "Texts"),
    // Files as the system has them: reading, writing whole or not at all, locks. Knows nothing of what is in them.
    .target(
      name: "Files",
      dependencies: ["Checksums", "Errors", "Texts", .product(name: "SystemPackage", package: "swift-system")]),
    // Threads that share work. Knows nothing of what the work is.
    .target(name: "Threads", dependencies: ["Errors"]),
    // The C library's allocator, for a setting.
    .systemLibrary(name: "CAllocator"),
    // HDF5 as Swift values: files, datasets, types, errors. Knows nothing of logits.
    .target(
      name: "HDF5",
      dependencies: [
        "CHDF5", "Checksums", "Errors", "Texts", .product(name: "SystemPackage", package: "swift-system"),
      ]),
    // Sources of logit rows, read block by block.
    .target(
      name: "LogitStream",
      dependencies: [
        "CDeflate", "CLZ4", "CZlib", "CZstandard", "Checksums", "Errors", "Files", "HDF5", "Texts",
        .product(name: "Algorithms", package: "swift-algorithms"),
      ]),
    // The tree: merges, nodes, formats. Pure, no files.
    .target(name: "Hierarchy", dependencies: ["Errors", "Texts"]),
    // Vector operations that Swift has no expression for, and what the processor can do.
    .systemLibrary(name: "CVectors"),
    // What happens to a row, compiled for any processor, and what it shares with those for special ones.
    .target(
      name: "Kernel", dependencies: ["CVectors", "KernelInterface"], swiftSettings: processors.isEmpty ? [inLanes] : []),
    .target(name: "KernelInterface"),
    // The method: sums, merge loop, passes.
    .target(
      name: "LogitsToHierarchy",
      dependencies: [
        "CVectors", "Errors", "Hierarchy", "Kernel", "KernelInterface", "LogitStream", "Threads",
        .product(name: "Algorithms", package: "swift-algorithms"),
        .product(name: "HeapModule", package: "swift-collections"),
      ] + kernels.map { .byName(name: $0.name) }),
    // Stores on disk.
    .target(
      name: "Store",
      dependencies: [
        "CDeflate", "Checksums", "Errors", "Files", "HDF5", "Hierarchy", "LogitStream", "LogitsToHierarchy", "Texts",
        "Threads",
        .product(name: "Algorithms", package: "swift-algorithms"),
      ]),
    // Measures: hierarchies against labels, and against other trees.
    .target(
      name: "Evaluation",
      dependencies: [
        "Checksums", "Errors", "Files", "HDF5", "Hierarchy", "LogitStream", "Texts",
        .product(name: "Algorithms", package: "swift-algorithms"),
      ], swiftSettings: [small]),
    // Pictures of hierarchies.
    .target(
      name: "Report",
      dependencies: [
        "CExplorerPage", "Errors", "Hierarchy", "Texts", .product(name: "Algorithms", package: "swift-algorithms"),
      ], exclude: ["Explorer/Page"], swiftSettings: [small]),
    // The files of the explorer page, compiled in.
    .target(name: "CExplorerPage"),
    // The command line.
    .executableTarget(
      name: "logitree",
      dependencies: [
        "CAllocator", "Errors", "Evaluation", "Files", "HDF5", "Hierarchy", "LogitStream", "LogitsToHierarchy",
        "Report", "Store", "Texts", "Threads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: [small]),

    // The kernel once more, for tests of what is inside it, in release too. Its parts can't be seen by the package: they
    // would be in all modules then, and one that is compiled for a newer processor might be called anywhere.
    .target(
      name: "KernelUnderTest", dependencies: ["CVectors", "KernelInterface"],
      path: "Tests/KernelUnderTest", swiftSettings: [inLanes, .unsafeFlags(["-enable-testing"])]),
    // What several test targets need: files written by h5py, random numbers that a seed repeats.
    .target(
      name: "TestSupport", dependencies: ["Hierarchy"], path: "Tests/Support",
      exclude: ["worker.py"]),
    .testTarget(
      name: "HDF5Tests",
      dependencies: ["Checksums", "HDF5", "TestSupport", .product(name: "SystemPackage", package: "swift-system")]),
    .testTarget(name: "LogitStreamTests", dependencies: ["Files", "HDF5", "LogitStream", "TestSupport"]),
    .testTarget(
      name: "LogitsToHierarchyTests",
      dependencies: [
        "Hierarchy", "KernelInterface", "KernelUnderTest", "LogitStream", "LogitsToHierarchy", "TestSupport",
      ]),
    .testTarget(
      name: "FilesTests",
      dependencies: ["Checksums", "Files", "TestSupport", .product(name: "SystemPackage", package: "swift-system")]),
    .testTarget(name: "TextsTests", dependencies: ["Texts"]),
    .testTarget(name: "ChecksumsTests", dependencies: ["Checksums", "TestSupport"]),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
    .testTarget(name: "HierarchyTests", dependencies: ["Hierarchy", "TestSupport"]),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Checksums", "Files", "HDF5", "Hierarchy", "LogitStream", "LogitsToHierarchy", "Store", "TestSupport",
        "Threads",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    // How processes are started in a directory, which Swift's own module of the C library leaves out.
    .systemLibrary(name: "CSpawn", path: "Tests/CSpawn"),
    // The program itself, run on real files: LOGITREE_BINARY, or the one built beside the tests. So much is compiled here that it
    // is not to wait for the program.
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "CSpawn", "Hierarchy", "Report", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    // Has the program built beside the tests.
    .testTarget(name: "ProgramTests", dependencies: ["logitree"]),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "Hierarchy", "LogitStream", "TestSupport"]),
    .testTarget(name: "ReportTests", dependencies: ["Hierarchy", "Report", "TestSupport"]),
  ] + kernels,
  swiftLanguageModes: [.v6]
)

// Tests mostly wait for what they test. Optimized, they would take as long to compile as all modules.
for target in package.targets where target.type == .test {
  target.swiftSettings = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
}

// tools/test runs all tests on the release build. What that leaves unchecked is where unsafe pointers are: in debug it runs the
// tests of reading and of rows, and of what these stand on.
if Context.environment["LOGITREE_TESTS"] == "debug" {
  let names = ["ChecksumsTests", "FilesTests", "HDF5Tests", "LogitStreamTests", "LogitsToHierarchyTests"]
  package.targets.removeAll { $0.type == .test && !names.contains($0.name) }
  for target in package.targets where target.name == "LogitsToHierarchyTests" {
    // They have none.
    target.exclude = ["MemoryPlanTests.swift", "Merging"]
  }
}
