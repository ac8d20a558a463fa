import Foundation
import Glibc

/// A small disk of its own that can be filled, which takes the right to mount.
struct SmallDisk: Sendable {
    /// Where it is mounted.
    let path: String
    private var filler: String { path + "/filler" }

    /// Whether disks can be mounted here.
    static let isPossible: Bool = {
        let path = NSTemporaryDirectory() + "/regiopost-mount-\(getpid())"
        mkdir(path, 0o700)
        defer { rmdir(path) }
        guard mount("regiopost", path, "tmpfs", 0, "size=64k") == 0 else { return false }
        return umount(path) == 0
    }()

    /// Runs the body with a disk of so many KiB, and takes it away again whatever comes of it.
    static func with(kibibytes: Int, _ body: (SmallDisk) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/regiopost-disk-\(UUID().uuidString.prefix(8))"
        mkdir(path, 0o700)
        defer { rmdir(path) }
        guard mount("regiopost", path, "tmpfs", 0, "size=\(kibibytes)k") == 0 else { throw Unready(what: "a disk") }
        // Nothing may hold it any longer; where something does, it goes when that ends.
        defer { umount2(path, Int32(MNT_DETACH)) }
        try await body(SmallDisk(path: path))
    }

    /// Fills it until so many KiB are left.
    func fill(leaving kibibytes: Int) throws {
        makeRoom()
        var numbers = statvfs()
        guard statvfs(path, &numbers) == 0 else { throw Unready(what: "the room on the disk") }
        let count = Int(numbers.f_bavail) * Int(numbers.f_bsize) - kibibytes * 1_024
        guard count > 0 else { throw Unready(what: "so much room on the disk") }
        try Data(count: count).write(to: URL(filePath: filler))
    }

    /// Takes the filling away.
    func makeRoom() { unlink(filler) }
}
