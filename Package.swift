// swift-tools-version:6.2
import Foundation
import PackageDescription

// `CIRCUIT_CORE=1` leaves the server and what stands on it out, so that the core's loop takes seconds.
let coreOnly = ProcessInfo.processInfo.environment["CIRCUIT_CORE"] != nil

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

var products: [Product] = [
  .library(name: "Circuit", targets: ["Merge", "ChangeFormat", "ReplicaStore", "Transport"]),
  .executable(name: "circuit-sim", targets: ["circuit-sim"]),
  .executable(name: "circuit-bench", targets: ["circuit-bench"]),
  .executable(name: "circuit-fixture", targets: ["circuit-fixture"]),
]

var dependencies: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
  .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
]

// The centre's own rules need no server: they are built, tested and simulated without it.
let centralNode: Target =
  coreOnly
  ? .target(
    name: "CentralNode", dependencies: ["Merge", "ChangeFormat", "ReplicaStore", "Transport", "Court", crypto],
    exclude: ["Server"])
  : .target(
    name: "CentralNode",
    dependencies: [
      "Merge", "ChangeFormat", "ReplicaStore", "Transport", "Court", crypto,
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "HummingbirdTLS", package: "hummingbird"),
      .product(name: "X509", package: "swift-certificates"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    ])

var targets: [Target] = [
  .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
  .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  .target(name: "Merge"),
  .target(name: "ChangeFormat", dependencies: ["Merge", "CZstd", crypto]),
  .target(name: "ReplicaStore", dependencies: ["Merge", "ChangeFormat", "CSQLite", grdb]),
  .target(name: "Transport", dependencies: ["Merge", "ChangeFormat", "ReplicaStore", "CCurl"]),
  .target(name: "Court", dependencies: ["Merge", "ChangeFormat", "ReplicaStore", grdb]),
  .target(
    name: "Simulator",
    dependencies: ["Merge", "ChangeFormat", "ReplicaStore", "Transport", "CentralNode", "CSQLite", grdb]),
  centralNode,
  .executableTarget(name: "circuit-sim", dependencies: ["Simulator"]),
  .executableTarget(
    name: "circuit-bench", dependencies: ["Merge", "ChangeFormat", "ReplicaStore", "CSQLite", grdb]),
  .executableTarget(name: "circuit-fixture", dependencies: ["Merge", "ChangeFormat", "ReplicaStore", "Court"]),
  .testTarget(name: "MergeTests", dependencies: ["Merge"]),
  .testTarget(name: "ChangeFormatTests", dependencies: ["ChangeFormat"]),
  .executableTarget(
    name: "replica-worker", dependencies: ["Merge", "ChangeFormat", "ReplicaStore"], path: "Tests/ReplicaWorker"),
  .testTarget(name: "ReplicaStoreTests", dependencies: ["ReplicaStore", "CSQLite", "replica-worker"]),
  .testTarget(name: "LibraryTests", dependencies: ["ReplicaStore", "Transport", grdb]),
  .testTarget(name: "CourtTests", dependencies: ["Court", "circuit-fixture"]),
  .testTarget(name: "CentralNodeTests", dependencies: ["CentralNode"]),
  .testTarget(name: "SimulatorTests", dependencies: ["Simulator", "ReplicaStore", "Merge"]),
  .testTarget(name: "HouseTests"),
  .target(name: "BadLine", path: "Tests/BadLine"),
]

if !coreOnly {
  products.append(.executable(name: "circuit", targets: ["circuit"]))
  dependencies += [
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ]
  targets += [
    .executableTarget(
      name: "circuit",
      dependencies: [
        "Merge", "ChangeFormat", "ReplicaStore", "Transport", "Court", "CentralNode",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "link-bench", dependencies: ["BadLine", "ChangeFormat", "ReplicaStore", "Transport", "Court"],
      path: "Tests/LinkBench"),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "circuit", "CentralNode", "Transport", "ReplicaStore", "ChangeFormat", "Court", "Merge", "BadLine",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
      ]),
  ]
}

let package = Package(
  name: "circuit",
  platforms: [.macOS(.v14)],
  products: products,
  dependencies: dependencies,
  targets: targets,
  swiftLanguageModes: [.v6]
)
