import Foundation
import GRDB
import RegiopostClient
import RegiopostModel

/// What an earlier history of the server left in the replica. A server that was restored from a backup is read again from the
/// beginning; each line that comes again takes the place of the old one, and what doesn't is lost there and stays here, behind
/// what came.
enum LeftBehind {
    /// The position from which on such lines stand, in the order they had. No mailbox gets that far.
    static let beginning = 1 << 40

    /// Moves everything behind, because the mailbox is read anew. Costs by what is there.
    static func setAside(_ mailbox: ReplicaMailbox, _ database: Database) throws {
        if mailbox == .own { try makeAnew(database) }
        let last = try last(mailbox, database) ?? beginning
        try database.execute(
            sql: "UPDATE replica SET position = position + ? WHERE mailbox = ? AND position < ?",
            arguments: [last, mailbox.rawValue, beginning])
    }

    /// What was made of the rows so far is made anew of those that come; the words of those that don't come again stay.
    private static func makeAnew(_ database: Database) throws {
        try SearchIndex.catchUp(atMost: beginning, database)
        for one in Derived.allCases { try one.forget(database) }
    }

    /// Takes away what came again. Costs by these lines where anything was left behind, else nothing: the `+` has SQLite look
    /// for the id, and not through all that was left behind.
    static func leave(_ entries: [ReplicaEntry], _ mailbox: ReplicaMailbox, _ database: Database) throws {
        guard !entries.isEmpty, try last(mailbox, database) != nil else { return }
        for entry in entries {
            let id = (try? Change(line: entry.line))?.id.bytes ?? []
            try database.execute(
                sql: "DELETE FROM replica WHERE id = ? AND mailbox = ? AND +position > ? AND line = ?",
                arguments: [Data(id), mailbox.rawValue, beginning, Data(entry.line)])
        }
    }

    /// Queues again what the author wrote, in the order it had, and takes it out of what was left behind. Costs by that.
    static func offer(of author: Address, _ database: Database) throws -> Int {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT position, line FROM replica WHERE mailbox = 'own' AND position > ? ORDER BY position",
            arguments: [beginning])
        var count = 0
        for row in rows {
            let line = [UInt8](row["line"] as Data)
            guard let change = try? Change(line: line), change.author == author,
                try SQLiteClientStore.insert(change, line, nil, database)
            else { continue }
            // It has left this machine before, so nobody gives it up unasked.
            try database.execute(
                sql: "UPDATE outbox SET tried = 1 WHERE id = ?", arguments: [Data(change.id.bytes)])
            try database.execute(
                sql: "DELETE FROM replica WHERE mailbox = 'own' AND position = ?",
                arguments: [row["position"] as Int])
            count += 1
        }
        // Until it comes back it is the outbox's; should its user give it up, no list may show it.
        if count > 0 { try Derived.letters.forget(database) }
        return count
    }

    private static func last(_ mailbox: ReplicaMailbox, _ database: Database) throws -> Int? {
        try Int.fetchOne(
            database, sql: "SELECT max(position) FROM replica WHERE mailbox = ? AND position > ?",
            arguments: [mailbox.rawValue, beginning])
    }
}

extension SQLiteClientStore {
    /// Queues again what the address wrote itself and an earlier history left behind.
    public func offerLeftBehind(of author: Address) async throws(ClientError) -> Int {
        try await write { database in try LeftBehind.offer(of: author, database) }
    }

    /// How many lines of the own mailbox an earlier history left behind that didn't come again.
    public func leftBehind() async throws(ClientError) -> Int {
        try await read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM replica WHERE mailbox = 'own' AND position > ?",
                arguments: [LeftBehind.beginning]) ?? 0
        }
    }
}
