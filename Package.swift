// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in our own targets; the packages we depend on build by their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "regiopost",
    dependencies: [
        // The network: event loops, channels, buffers.
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2")
    ],
    targets: [
        // Each target beside its tests; the order follows the dependencies, core first.
        .target(name: "RegiopostJSON", swiftSettings: strict),
        .testTarget(name: "RegiopostJSONTests", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .target(name: "RegiopostModel", dependencies: ["RegiopostJSON"], swiftSettings: strict),
        .testTarget(name: "RegiopostModelTests", dependencies: ["RegiopostModel"], swiftSettings: strict),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]),
        .target(name: "RegiopostCrypto", dependencies: ["COpenSSL"], swiftSettings: strict),
        .testTarget(
            name: "RegiopostCryptoTests", dependencies: ["COpenSSL", "RegiopostCrypto"], swiftSettings: strict),
        .target(
            name: "RegiopostTLS",
            dependencies: ["COpenSSL", "RegiopostCrypto", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: strict),
        .testTarget(
            name: "RegiopostTLSTests",
            dependencies: [
                "COpenSSL", "RegiopostCrypto", "RegiopostTLS",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
