// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in our own targets; the packages we depend on build by their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "regiopost",
    targets: [
        // Each target beside its tests; the order follows the dependencies, core first.
        .target(name: "RegiopostJSON", swiftSettings: strict),
        .testTarget(name: "RegiopostJSONTests", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .target(name: "RegiopostModel", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .testTarget(name: "RegiopostModelTests", dependencies: ["RegiopostModel"], swiftSettings: strict),
        .target(name: "RegiopostWire", dependencies: ["RegiopostJSON", "RegiopostModel"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostWireTests", dependencies: ["RegiopostJSON", "RegiopostModel", "RegiopostWire"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
