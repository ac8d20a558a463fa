// swift-tools-version: 6.2
import PackageDescription

// What measures the server, beside other servers. Nothing of the product depends on it.
let package = Package(
    name: "regiopost-benchmarks",
    targets: [
        .executableTarget(
            name: "load",
            cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        // Preloaded into a server, so that its allocations are counted.
        .target(
            name: "allocations", publicHeadersPath: ".",
            cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
        // Preloaded into a server, so that it runs under valgrind.
        .target(
            name: "suspension", publicHeadersPath: ".",
            cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
    ]
)
