import Foundation
import GRDB
import RegiopostClient
import RegiopostModel

extension SQLiteClientStore {
    /// The subjects that have what is looked for, the newest first. Costs by what fits, not by what there is.
    public func search(_ query: SearchQuery) async throws(ClientError) -> [SearchHit] {
        try await read { database in try SearchIndex.find(query, database) }
    }

    /// How SQLite would look: a line for each step of its plan.
    func plan(of query: SearchQuery) async throws(ClientError) -> [String] {
        try await read { database in
            let (sql, arguments) = SearchIndex.statement(query)
            return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                .map { $0["detail"] }
        }
    }

    /// Whether the copy of the own mailbox has the change, and with just that line where one is given.
    static func isInReplica(
        _ id: ChangeID, line: [UInt8]? = nil, _ database: Database
    ) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql:
                "SELECT EXISTS (SELECT 1 FROM replica WHERE id = ? AND mailbox = 'own' AND line = coalesce(?, line))",
            arguments: [Data(id.bytes), line.map { Data($0) }]) ?? false
    }
}
