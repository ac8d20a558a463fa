import RegiopostJSON
import RegiopostModel
import Testing

@Suite("Vectors: folds") struct FoldVectorTests {
    @Test("the changes on a subject come to what they should, commuting ones in any order") func folds() throws {
        for vector in try ProtocolFiles.cases("folds", "folds") {
            let name = Comment(rawValue: try vector.text("name"))
            let changes = try vector.texts("changes").map { try Change(line: Array($0.utf8)) }
            let id = try #require(SubjectID(try vector.text("subject")))
            let commutes = vector["anyOrderAfterFirst"]?.bool == true
            let orders =
                commutes ? Self.orders(of: Array(changes.dropFirst())).map { changes.prefix(1) + $0 } : [changes]
            for order in orders {
                var subject = Subject(id: id)
                for change in order { try subject.apply(change, receivedAt: nil) }
                let state = Self.described(try #require(subject.state, name))
                #expect(state == vector["state"]?.members?.sorted { $0.name < $1.name }, name)
            }
        }
    }

    private static func orders(of changes: [Change]) -> [[Change]] {
        guard changes.count > 1 else { return [changes] }
        return changes.indices.flatMap { index in
            var rest = changes
            let first = rest.remove(at: index)
            return orders(of: rest).map { [first] + $0 }
        }
    }

    /// What the vectors say of a state, by name.
    private static func described(_ state: Subject.State) -> [JSONMember] {
        let value: JSONValue =
            switch state {
            case .meeting(let meeting): described(meeting)
            case .agreement(let agreement):
                .object([
                    "status": .string(agreement.status.name), "due": agreement.due.map { .string($0.text) },
                    "percent": agreement.percent.map(JSONValue.number),
                ])
            case .programme(let programme):
                .object([
                    "status": .string(programme.statusName), "name": .string(programme.name),
                    "agreements": .strings(programme.agreements.map(\.text)),
                ])
            default: .null
            }
        return (value.members ?? []).sorted { $0.name < $1.name }
    }

    private static func described(_ meeting: MeetingState) -> JSONValue {
        .object([
            "status": .string(meeting.status.name), "accepted": .bool(meeting.isAccepted),
            "sequence": .number(meeting.sequence), "joined": .strings(meeting.joined.map(\.text)),
            "common": .strings(meeting.commonSlots.map(\.text)),
            "slot": meeting.slotThatStands.map { .string($0.text) },
            "place": meeting.placeThatStands.map(JSONValue.string),
            "confirmedBefore": meeting.confirmedBefore.map { .string($0.slot.text) },
            "parties": meeting.record == nil ? nil : .strings(meeting.parties.map(\.text)),
        ])
    }
}
