import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// What came back to a restored server and what is still missing, as an operator and a program read it.
///
/// The numbers of what came back show where something is missing: every number between was a change. What came after the
/// highest number that anybody gave back leaves no trace, but where a change names one that isn't there.
struct RecoveryReport {
    /// What a report says of a change that was given back. Its text isn't kept: there may be many.
    struct Returned {
        let entry: ReturnedLog.Entry
        let id: ChangeID
        let type: String
        let subject: SubjectID
        let author: Address
        /// The changes that have to be there for this one.
        let named: [ChangeID]
        let files: [FileReference]

        init?(_ entry: ReturnedLog.Entry, text: [UInt8]) {
            guard let change = try? Change(line: text) else { return nil }
            self.entry = entry
            (id, type, subject, author) = (change.id, change.typeName, change.subject, change.author)
            named = change.buildsOn + [change.takenFrom].compactMap(\.self)
            files = change.body.files
        }
    }

    let state: RecoveryState
    let returned: [Returned]
    /// The changes named by what came back that are nowhere, and which of those names each first.
    let named: [(id: ChangeID, by: Returned)]
    /// What was given back and doesn't fit, and why; `nil` before the end.
    var untaken: [(returned: Returned, refusal: Refusal)]?
    /// The files that changes cite and the server doesn't have.
    var files: [(file: FileReference, by: Returned)] = []

    /// Some numbers that follow one another, of changes that nobody gave back.
    struct Gap {
        let first: Int
        let last: Int
        /// The change before and the change after, where these came back.
        let before: Returned?
        let after: Returned
    }

    /// Where something is missing: in the epoch of the backup from its end on, in any other from the first that came back.
    var gaps: [Gap] {
        var gaps: [Gap] = []
        var last: Returned?
        for returned in returned {
            let place = returned.entry.place
            var expected = place.began == state.before ? state.records + 1 : place.number
            if let last, last.entry.place.began == place.began { expected = last.entry.place.number + 1 }
            if expected < place.number {
                let before = last?.entry.place.began == place.began ? last : nil
                gaps.append(Gap(first: expected, last: place.number - 1, before: before, after: returned))
            }
            last = returned
        }
        return gaps
    }

    /// One object an item: the sum first, then who gave, then what is missing.
    var items: [JSONValue] {
        let gaps = gaps
        let missing = gaps.reduce(0) { $0 + $1.last - $1.first + 1 }
        let sum = JSONValue.object([
            "kind": .string("recovery"), "state": .string(untaken == nil ? "recovering" : "ended"),
            "epoch": .string(state.epoch), "begun": .string(state.begun.text),
            "records": .number(state.records), "returned": .number(returned.count),
            "regained": untaken.map { .number(returned.count - $0.count) },
            "untaken": untaken.map { .number($0.count) },
            "missing": .number(missing), "named": .number(named.count), "files": .number(files.count),
        ])
        return [sum] + givers + gaps.map(Self.json) + namedItems + untakenItems + fileItems
    }

    private var givers: [JSONValue] {
        let counts = Dictionary(grouping: returned, by: \.entry.giver).mapValues(\.count)
        return counts.sorted { $0.key < $1.key }.map { address, count in
            .object(["kind": .string("giver"), "address": .string(address.text), "returned": .number(count)])
        }
    }

    private static func json(_ gap: Gap) -> JSONValue {
        .object([
            "kind": .string("missing"), "first": .number(gap.first), "last": .number(gap.last),
            "after": gap.before.map { .string($0.entry.receivedAt.text) },
            "before": .string(gap.after.entry.receivedAt.text),
        ])
    }

    private var namedItems: [JSONValue] {
        named.map { id, by in
            .object([
                "kind": .string("named"), "id": .string(id.text), "by": .string(by.id.text),
                "subject": .string(by.subject.text), "author": .string(by.author.text),
            ])
        }
    }

    private var untakenItems: [JSONValue] {
        (untaken ?? []).map { returned, refusal in
            .object([
                "kind": .string("untaken"), "number": .number(returned.entry.place.number),
                "id": .string(returned.id.text), "type": .string(returned.type),
                "subject": .string(returned.subject.text), "author": .string(returned.author.text),
                "received": .string(returned.entry.receivedAt.text), "code": .string(refusal.code.rawValue),
            ])
        }
    }

    private var fileItems: [JSONValue] {
        files.map { file, by in
            .object([
                "kind": .string("file"), "sha256": .string(file.digest.text), "name": .string(file.name),
                "by": .string(by.id.text), "subject": .string(by.subject.text),
            ])
        }
    }
}
