import Foundation
import Glibc

/// A disk of its own in a file, which can be copied as it is at a moment: what the copy holds is what a power cut
/// leaves. Takes the right to mount.
struct ImageDisk {
    /// Where it is mounted.
    let path: String
    private let image: String
    private let folder: String

    /// Whether disks of this sort can be made here.
    static func isPossible() async -> Bool {
        guard await Program.canTrace() else { return false }
        return (try? await with { _ in true }) ?? false
    }

    /// Runs the body with an empty disk, and takes it away again whatever comes of it.
    static func with<Value>(_ body: (ImageDisk) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.path + "/regiopost-image-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder + "/disk", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let disk = ImageDisk(path: folder + "/disk", image: folder + "/image", folder: folder)
        try await run(["/usr/bin/truncate", "-s", "96M", disk.image], folder)
        try await run(["/sbin/mkfs.ext4", "-q", "-F", disk.image], folder)
        // The kernel writes by itself as rarely as possible, so that a sync that is missing shows.
        try await run(["/bin/mount", "-o", "loop,commit=300", disk.image, disk.path], folder)
        // Nothing may hold it any longer; where something does, it goes when that ends.
        defer { umount2(disk.path, Int32(MNT_DETACH)) }
        return try await body(disk)
    }

    /// Copies the disk as it is now. Nobody may write to it meanwhile.
    func copy() async throws -> String {
        let copy = folder + "/copy"
        try await Self.run(["/bin/cp", "--sparse=always", image, copy], folder)
        return copy
    }

    /// Mounts a copy, as after the power came back, for as long as the body runs, and removes it.
    func withCopy<Value>(_ copy: String, _ body: (String) async throws -> Value) async throws -> Value {
        let path = folder + "/mounted"
        mkdir(path, 0o700)
        try await Self.run(["/bin/mount", "-o", "loop", copy, path], folder)
        defer {
            umount2(path, Int32(MNT_DETACH))
            unlink(copy)
        }
        return try await body(path)
    }

    private static func run(_ command: [String], _ folder: String) async throws {
        let run = try await RunningProgram(command, [:], files: folder + "/command").end()
        guard run.status == 0 else { throw Unready(what: "\(command): \(run.errors)") }
    }
}
