// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in our own targets; the packages we depend on build by their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")

let package = Package(
    name: "regiopost",
    products: [
        // For `Fuzzing` alone, which is a package of its own: it builds with other flags.
        .library(name: "RegiopostFuzzing", targets: ["RegiopostFuzzing"])
    ],
    dependencies: [
        // Exact versions: there is no lock file.
        // The network: event loops, channels, buffers.
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        // Arguments, help and completions of the two programs.
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        // The server's own log.
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        // SQLite, for the journal's index and register, and for a client's replica and outbox.
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // Each target beside its tests; the order follows the dependencies, core first.
        .target(name: "RegiopostJSON", swiftSettings: strict),
        .testTarget(name: "RegiopostJSONTests", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .target(name: "RegiopostModel", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostModelTests", dependencies: ["RegiopostJSON", "RegiopostModel", "RegiopostTestSupport"],
            swiftSettings: strict),
        .target(name: "RegiopostWire", dependencies: ["RegiopostJSON", "RegiopostModel"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostWireTests", dependencies: ["RegiopostJSON", "RegiopostModel", "RegiopostWire"],
            swiftSettings: strict),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "RegiopostCrypto", dependencies: ["COpenSSL"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostCryptoTests", dependencies: ["COpenSSL", "RegiopostCrypto"], swiftSettings: strict),
        .target(
            name: "RegiopostTLS", dependencies: ["COpenSSL", "RegiopostCrypto", nioCore], swiftSettings: strict),
        .testTarget(
            name: "RegiopostTLSTests",
            dependencies: [
                "COpenSSL", "RegiopostCrypto", "RegiopostTLS", "RegiopostTestSupport", nioCore, nioEmbedded,
                nioPosix,
            ],
            swiftSettings: strict),
        .target(
            name: "RegiopostFuzzing",
            dependencies: ["RegiopostCrypto", "RegiopostJSON", "RegiopostModel", "RegiopostWire"],
            resources: [.embedInCode("directory.jsonl")], swiftSettings: strict),
        .testTarget(
            name: "RegiopostFuzzingTests", dependencies: ["RegiopostFuzzing"], swiftSettings: strict),
        .target(name: "RegiopostFiles", swiftSettings: strict),
        .testTarget(
            name: "RegiopostFilesTests", dependencies: ["RegiopostFiles", "RegiopostTestSupport"],
            swiftSettings: strict),
        .target(name: "RegiopostJournal", dependencies: ["RegiopostModel"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostJournalTests", dependencies: ["RegiopostJournal", "RegiopostTestSupport"],
            swiftSettings: strict),
        .target(name: "RegiopostJournalLog", dependencies: ["RegiopostJournal", grdb], swiftSettings: strict),
        .testTarget(
            name: "RegiopostJournalLogTests",
            dependencies: [
                "RegiopostCrypto", "RegiopostJournalLog", "RegiopostTestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "RegiopostServer",
            dependencies: [
                "RegiopostCrypto", "RegiopostFiles", "RegiopostJSON", "RegiopostJournal", "RegiopostModel",
                "RegiopostTLS",
                "RegiopostWire", logging, nioCore, nioPosix,
            ],
            resources: [
                .embedInCode("Directory/Data/abolished.csv"), .embedInCode("Directory/Data/organisations.csv"),
                .embedInCode("Directory/Data/provinces.csv"), .embedInCode("Directory/Data/regions.csv"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RegiopostServerTests",
            dependencies: [
                "RegiopostCrypto", "RegiopostJournalLog", "RegiopostServer", "RegiopostTestSupport", logging,
                nioEmbedded,
            ],
            swiftSettings: strict),
        .target(
            name: "RegiopostClient",
            dependencies: [
                "RegiopostCrypto", "RegiopostFiles", "RegiopostJSON", "RegiopostModel", "RegiopostTLS",
                "RegiopostWire", nioCore,
                nioPosix,
            ], swiftSettings: strict),
        .testTarget(
            name: "RegiopostClientTests",
            dependencies: [
                "RegiopostClient", "RegiopostClientSQLite", "RegiopostCrypto", "RegiopostTestSupport",
                "RegiopostWire",
                nioCore, nioEmbedded,
            ],
            swiftSettings: strict),
        .target(
            name: "RegiopostClientSQLite",
            dependencies: ["RegiopostClient", "RegiopostJSON", "RegiopostModel", grdb],
            swiftSettings: strict),
        .testTarget(
            name: "RegiopostClientSQLiteTests", dependencies: ["RegiopostClientSQLite", "RegiopostTestSupport"],
            swiftSettings: strict),
        // What the server allocates with: see decision 0025. Only where it is built for release, since the address
        // sanitizer brings an allocator of its own.
        .target(
            name: "CJemalloc", linkerSettings: [.linkedLibrary("jemalloc", .when(configuration: .release))]),
        .executableTarget(
            name: "regiopostd",
            dependencies: [
                "CJemalloc", "RegiopostCrypto", "RegiopostJournal", "RegiopostJournalLog", "RegiopostModel",
                "RegiopostServer",
                arguments,
                logging,
            ], swiftSettings: strict),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "RegiopostClient", "RegiopostClientSQLite", "RegiopostCrypto", "RegiopostJSON", "RegiopostModel",
                "RegiopostTLS", "RegiopostTestSupport",
                "RegiopostWire", "regiopost", "regiopostd", nioCore, nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FaultTests",
            dependencies: ["RegiopostTestSupport", "regiopost", "regiopostd", nioCore, nioPosix],
            swiftSettings: strict),
        .target(
            name: "RegiopostTestSupport",
            dependencies: [
                "RegiopostClient", "RegiopostCrypto", "RegiopostFiles", "RegiopostJSON", "RegiopostJournal",
                "RegiopostModel", "RegiopostServer", "RegiopostTLS", "RegiopostWire", nioCore, nioEmbedded,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests", dependencies: ["RegiopostTestSupport"], exclude: ["Mutants", "Package"],
            swiftSettings: strict),
        .executableTarget(
            name: "regiopost",
            dependencies: [
                "RegiopostClient", "RegiopostClientSQLite", "RegiopostCrypto", "RegiopostFiles", "RegiopostJSON",
                "RegiopostModel", "RegiopostWire", arguments,
            ], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
