import Foundation
import GRDB
import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// What stands in the outbox's rows.
extension SQLiteClientStore {
    static func change(_ line: [UInt8]) throws(ClientError) -> Change {
        do {
            return try Change(line: line)
        } catch {
            throw ClientError(.storeCorrupt, ["reason": error.code.rawValue])
        }
    }

    static func name(of state: OutboxItem.State) -> String {
        switch state {
        case .queued: "queued"
        case .accepted: "accepted"
        case .refused: "refused"
        }
    }

    static func state(_ row: Row) throws -> OutboxItem.State {
        switch row["state"] as String {
        case "queued": return .queued
        case "accepted":
            return .accepted(position: row["position"], receivedAt: Timestamp(milliseconds: row["received"]))
        default:
            guard let code = RefusalCode(rawValue: row["code"]) else {
                throw ClientError(.storeCorrupt, ["reason": "outbox"])
            }
            var details: [String: String] = [:]
            if case .object(let members) = try JSONReader.read([UInt8](row["details"] as Data)) {
                for member in members { details[member.name] = member.value.string }
            }
            return .refused(Refusal(code, details))
        }
    }
}
