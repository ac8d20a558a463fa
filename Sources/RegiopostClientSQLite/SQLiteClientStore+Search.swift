import Foundation
import GRDB
import RegiopostClient
import RegiopostModel

extension SQLiteClientStore {
    /// How many changes are taken in at a time, so that other commands come in between.
    private static let portion = 5_000

    /// The subjects that have what is looked for, the newest first. Costs by what fits, and by what came since the last
    /// sync or search.
    public func search(_ query: SearchQuery) async throws(ClientError) -> [SearchHit] {
        while try await read(SearchIndex.isBehind) {
            try await write { database in try SearchIndex.catchUp(atMost: Self.portion, database) }
        }
        return try await read { database in try SearchIndex.find(query, database) }
    }

    /// How SQLite would look: a line for each step of its plan.
    func plan(of query: SearchQuery) async throws(ClientError) -> [String] {
        try await read { database in
            let (sql, arguments) = SearchIndex.statement(query)
            return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                .map { $0["detail"] }
        }
    }

    /// Whether the copy of the own mailbox has the change.
    static func isInReplica(_ id: ChangeID, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM replica WHERE id = ? AND mailbox = 'own')",
            arguments: [Data(id.bytes)]) ?? false
    }
}
