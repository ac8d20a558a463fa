import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// What is known when a server has been restored from a backup: how far that goes, and under which epoch things go on.
package struct RecoveryState: Equatable, Sendable {
    /// The epoch that the restore began.
    package let epoch: String
    /// When it began it.
    package let begun: Timestamp
    /// When the backup's own epoch began; 1970 for a server's first.
    package let before: Timestamp
    /// How many changes the backup has: what came after them was lost.
    package let records: Int

    /// Makes a state.
    package init(epoch: String, begun: Timestamp, before: Timestamp, records: Int) {
        self.epoch = epoch
        self.begun = begun
        self.before = before
        self.records = records
    }

    init?(json: JSONValue) {
        guard let epoch = json["epoch"]?.string, let begun = json["begun"]?.string.flatMap(Timestamp.init),
            let before = json["before"]?.string.flatMap(Timestamp.init),
            let records = json["records"]?.integer, records >= 0
        else { return nil }
        self.init(epoch: epoch, begun: begun, before: before, records: records)
    }

    var json: JSONValue {
        .object([
            "epoch": .string(epoch), "begun": .string(begun.text), "before": .string(before.text),
            "records": .number(records),
        ])
    }
}
