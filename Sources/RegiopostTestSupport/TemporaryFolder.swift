import Foundation

/// A folder of a test's own, gone with the test.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes it.
    public init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("regiopost-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it that isn't there yet.
    public func file() -> String { path + "/" + UUID().uuidString }
}
