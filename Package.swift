// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in our own targets; the packages we depend on build by their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "regiopost",
    dependencies: [
        // SQLite: the journal's embedded back end. Exact versions: there is no lock file.
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0")
    ],
    targets: [
        // Each target beside its tests; the order follows the dependencies, core first.
        .target(name: "RegiopostJSON", swiftSettings: strict),
        .testTarget(name: "RegiopostJSONTests", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .target(name: "RegiopostModel", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .testTarget(name: "RegiopostModelTests", dependencies: ["RegiopostModel"], swiftSettings: strict),
        .target(name: "RegiopostJournal", dependencies: ["RegiopostModel"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostJournalTests", dependencies: ["RegiopostJournal", "RegiopostTestSupport"],
            swiftSettings: strict),
        .target(
            name: "RegiopostJournalSQLite",
            dependencies: ["RegiopostJournal", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(
            name: "RegiopostJournalSQLiteTests",
            dependencies: [
                "RegiopostJournalSQLite", "RegiopostTestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(name: "RegiopostTestSupport", dependencies: ["RegiopostJournal"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
