// swift-tools-version: 6.2
import PackageDescription

// What hands the targets of `RegiopostFuzzing` to libFuzzer. Build it by `Scripts/fuzz`, which says with which flags.
let package = Package(
    name: "regiopost-fuzzing",
    dependencies: [.package(name: "regiopost", path: "..")],
    targets: [
        .target(name: "CLibFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: ["CLibFuzzer", .product(name: "RegiopostFuzzing", package: "regiopost")],
            swiftSettings: [.treatAllWarnings(as: .error)],
            // gold takes libFuzzer's own main function for one too many.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
    ],
    swiftLanguageModes: [.v6]
)
