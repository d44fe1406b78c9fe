// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "logitree",
  products: [
    .executable(name: "logitree", targets: ["logitree"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // The HDF5 C library, found by pkg-config.
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    // HDF5 as Swift values: files, datasets, types, errors. Knows nothing of logits.
    .target(name: "HDF5", dependencies: ["CHDF5"]),

    .testTarget(name: "HDF5Tests", dependencies: ["HDF5"]),
  ],
  swiftLanguageModes: [.v6]
)
