import Foundation
import RegiopostJournalSQLite

/// Runs `body` with a folder of its own, and removes it afterwards.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "regiopost-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path(percentEncoded: false))
}

/// Runs `body` with an empty journal in a folder of its own, and its path.
func withJournal<Value>(_ body: (SQLiteJournal, String) async throws -> Value) async throws -> Value {
    try await withFolder { folder in
        let path = folder + "/journal.sqlite"
        let journal = try await SQLiteJournal.create(at: path, epoch: "first")
        let value = try await body(journal, path)
        try await journal.close()
        return value
    }
}
