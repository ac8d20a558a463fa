import RegiopostJSON
import RegiopostModel
import Testing

@Suite("Vectors: sequences of changes") struct SequenceVectorTests {
    @Test("every sequence of changes makes what it should, and refuses what doesn't fit") func folds() throws {
        for vector in try ProtocolFiles.cases("folds", "sequences") {
            let name = Comment(rawValue: try vector.text("name"))
            var subject = Subject(id: try #require(SubjectID(try vector.text("subject"))))
            for step in try #require(vector["changes"]?.array) {
                let change = try Change(line: Array(try step.text("line").utf8))
                let received = try #require(Timestamp(try step.text("received")))
                let before = subject
                let refusal = refusal { () throws(Refusal) in try subject.apply(change, receivedAt: received) }
                #expect(refusal?.code.rawValue == step["refused"]?.string, "\(name) \(change.typeName)")
                if refusal != nil { #expect(subject == before, name) }
            }
            let described = Self.describe(try #require(subject.state))
            let expected = try #require(vector["state"]?.members)
            #expect(expected.map(\.name).sorted() == described.keys.sorted(), name)
            for member in expected {
                #expect(described[member.name] == member.value, "\(name): \(member.name)")
            }
        }
    }

    private func refusal(_ step: () throws(Refusal) -> Void) -> Refusal? {
        do throws(Refusal) {
            try step()
            return nil
        } catch {
            return error
        }
    }

    /// A state as the vectors write it.
    private static func describe(_ state: Subject.State) -> [String: JSONValue] {
        switch state {
        case .letter(let letter):
            [
                "status": .string(letter.withdrawn == nil ? "published" : "withdrawn"),
                "sender": .string(letter.sender.text), "published": moment(letter.publishedAt),
                "reason": text(letter.withdrawn),
            ]
        case .receipt(let receipt):
            [
                "status": .string(
                    receipt.isOpened ? "opened" : receipt.deliveredAt == nil ? "available" : "delivered"),
                "delivered": moment(receipt.deliveredAt), "opened": moment(receipt.openedAt),
            ]
        case .response(let response): describe(response)
        case .meeting(let meeting): describe(meeting)
        case .organisation(let organisation): describe(organisation)
        case .region(let region):
            [
                "title": .string(region.title), "province": .string(region.province.text),
                "accounthouder": text(region.accounthouder?.text), "contactName": text(region.contact.name),
                "contactMail": text(region.contact.mail), "contactPhone": text(region.contact.phone),
            ]
        case .mandate(let mandate): describe(mandate)
        default: [:]
        }
    }

    private static func describe(_ response: ResponseState) -> [String: JSONValue] {
        var (note, reason): (String?, String?)
        switch response.status {
        case .submitted: break
        case .acknowledged(let said): note = said
        case .withdrawn(let why): reason = why
        }
        return [
            "status": .string(response.status.name), "versions": .strings(response.versions.map(\.id.text)),
            "author": .string(response.current.author.text), "received": moment(response.current.receivedAt),
            "text": .string(response.current.content.text), "note": text(note), "reason": text(reason),
        ]
    }

    private static func describe(_ meeting: MeetingState) -> [String: JSONValue] {
        let countered = if case .countered(let slots) = meeting.status { slots } else { [Slot]() }
        return [
            "status": .string(meeting.status.name), "requester": .string(meeting.requester.text),
            "slot": text(meeting.slotThatStands?.text), "place": text(meeting.placeThatStands),
            "countered": .strings(countered.map(\.text)), "common": .strings(meeting.commonSlots.map(\.text)),
            "joined": .strings(meeting.joined.map(\.text)), "parties": .strings(meeting.parties.map(\.text)),
            "agreed": .bool(meeting.isAccepted), "sequence": .number(meeting.sequence),
            "minutes": text(meeting.record?.minutes.text), "reason": text(meeting.endedBecause),
            "note": text(meeting.note),
        ]
    }

    private static func describe(_ organisation: Organisation) -> [String: JSONValue] {
        let regions = organisation.memberships.map { membership in
            JSONValue.object([
                "classification": .string(membership.classification), "region": .string(membership.region),
                "from": membership.from.map { .string($0.text) },
                "until": membership.until.map { .string($0.text) },
            ])
        }
        return [
            "name": .string(organisation.name), "shortName": .string(organisation.shortName),
            "regions": .array(regions),
        ]
    }

    private static func describe(_ mandate: MandateState) -> [String: JSONValue] {
        let end = if case .ended(let end) = mandate.status { end.successor } else { mandate.plan?.successor }
        return ["status": .string(mandate.status.name), "successor": text(end?.text)]
    }

    private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    private static func moment(_ time: Timestamp?) -> JSONValue {
        text(time.map { $0.text.count == 20 ? $0.text.dropLast() + ".000Z" : $0.text })
    }
}
