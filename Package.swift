// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in our own targets; the packages we depend on build by their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "regiopost",
    dependencies: [
        // The network: event loops, channels, buffers.
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        // SQLite, for the journal and for a client's replica and outbox.
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // Each target beside its tests; the order follows the dependencies, core first.
        .target(name: "RegiopostJSON", swiftSettings: strict),
        .testTarget(name: "RegiopostJSONTests", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .target(name: "RegiopostModel", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostModelTests", dependencies: ["RegiopostModel", "RegiopostTestSupport"],
            swiftSettings: strict),
        .target(name: "RegiopostJournal", dependencies: ["RegiopostModel"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostJournalTests", dependencies: ["RegiopostJournal", "RegiopostTestSupport"],
            swiftSettings: strict),
        .target(name: "RegiopostTestSupport", dependencies: ["RegiopostJournal"], swiftSettings: strict),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]),
        .target(name: "RegiopostCrypto", dependencies: ["COpenSSL"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostCryptoTests", dependencies: ["COpenSSL", "RegiopostCrypto"], swiftSettings: strict),
        .target(
            name: "RegiopostServer", dependencies: ["RegiopostJournal", "RegiopostModel"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostServerTests",
            dependencies: ["RegiopostCrypto", "RegiopostServer", "RegiopostTestSupport"], swiftSettings: strict),
        .target(name: "RegiopostClient", dependencies: ["RegiopostModel"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostClientTests", dependencies: ["RegiopostClient", "RegiopostTestSupport"],
            swiftSettings: strict),
        .target(
            name: "RegiopostClientSQLite",
            dependencies: [
                "RegiopostClient", "RegiopostJSON", "RegiopostModel", .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .testTarget(
            name: "RegiopostClientSQLiteTests", dependencies: ["RegiopostClientSQLite", "RegiopostTestSupport"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
