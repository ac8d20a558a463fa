import RegiopostJSON
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Vectors: sequences of changes") struct SequenceVectorTests {
    @Test("every sequence of changes makes what it should, and refuses what doesn't fit") func folds() throws {
        for vector in try ProtocolFiles.cases("folds", "sequences") {
            let name = Comment(rawValue: try vector.text("name"))
            var subject = Subject(id: try #require(SubjectID(try vector.text("subject"))))
            for step in try #require(vector["changes"]?.array) {
                let change = try Change(line: Array(try step.text("line").utf8))
                let received = try #require(Timestamp(try step.text("received")))
                // Of the line as it stands, as client and server take it.
                let digest = Digest.of(line: Array(try step.text("line").utf8))
                let before = subject
                let refusal = refusal { () throws(Refusal) in
                    try subject.apply(change, digest: digest, receivedAt: received)
                }
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

    @Test("when an answer is due follows from the letter's date and the changes on the term") func deadlines()
        throws
    {
        for vector in try ProtocolFiles.cases("folds", "deadlines") {
            let name = Comment(rawValue: try vector.text("name"))
            var subject = Subject(id: try #require(SubjectID(try vector.text("subject"))))
            for line in vector.texts("changes") {
                try subject.apply(try Change(line: Array(line.utf8)), receivedAt: nil)
            }
            var term: TermState?
            if case .term(let state) = subject.state { term = state }
            let deadline = Deadline(
                letter: vector["letterDue"]?.string.flatMap(CalendarDate.init(_:)), term: term)
            #expect(deadline.date?.text == vector["due"]?.string, name)
            let since: CalendarDate? = if case .suspended(let since) = deadline { since } else { nil }
            #expect(since?.text == vector["suspendedSince"]?.string, name)
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
        case .term(let term): describe(term)
        case .draft(let draft): describe(draft)
        case .joint(let joint): describe(joint)
        case .agreement(let agreement): describe(agreement)
        case .programme(let programme):
            [
                "status": .string(programme.statusName), "name": .string(programme.name),
                "keeper": .string(programme.keeper.text), "agreements": .strings(programme.agreements.map(\.text)),
                "note": text(programme.note),
            ]
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
            "status": .string(response.status.name), "versions": .strings(response.history.ids.map(\.text)),
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

    private static func describe(_ term: TermState) -> [String: JSONValue] {
        [
            "status": .string(term.status), "moved": text(term.moved?.text), "own": text(term.own?.text),
            "suspendedSince": text(term.suspension?.from.text), "reason": text(term.suspension?.reason),
            "suspendedDays": .number(term.suspendedDays), "reminders": .number(term.reminders),
            "remindedBy": text(term.lastReminder?.author.text), "reminder": text(term.lastReminder?.note),
            "remindedAt": moment(term.lastReminder?.receivedAt),
        ]
    }

    private static func describe(_ draft: DraftState) -> [String: JSONValue] {
        var parties: [DraftParty] = []
        for decision in draft.decisions.elements where !parties.contains(draft.party(decision.author)) {
            parties.append(draft.party(decision.author))
        }
        parties.sort { $0.text < $1.text }
        let declined = parties.compactMap { party -> JSONValue? in
            guard case .declined(let reason) = draft.decision(of: party)?.verdict else { return nil }
            return declining(party.text, reason)
        }
        let reason: String? = if case .discarded(let reason) = draft.status { reason } else { nil }
        return [
            "status": .string(reason == nil ? "open" : "discarded"), "kind": .string(draft.kind.rawValue),
            "title": .string(draft.current.content.title), "owner": .string(draft.owner.text),
            "versions": .strings(draft.ids.map(\.text)), "author": .string(draft.current.author.text),
            "signed": .strings(parties.filter { draft.isSigned(by: $0) }.map(\.text)),
            "declined": .array(declined), "missing": .strings(draft.missing.map(\.text)), "reason": text(reason),
        ]
    }

    private static func describe(_ joint: JointState) -> [String: JSONValue] {
        var (note, reason): (String?, String?)
        switch joint.status {
        case .submitted: break
        case .acknowledged(let said): note = said
        case .withdrawn(let why): reason = why
        }
        let content = joint.current.content
        let standing = content.standing
        return [
            "status": .string(joint.status.name), "versions": .strings(joint.history.ids.map(\.text)),
            "author": .string(joint.current.author.text), "received": moment(joint.current.receivedAt),
            "text": .string(content.answer.text), "lead": .string(content.lead.text),
            "members": .strings(content.members.map(\.text)),
            "signed": .strings(standing.signed.map(\.organisation.text)),
            "declined": .array(standing.declined.map { declining($0.organisation.text, $0.reason) }),
            "missing": .strings(standing.missing.map(\.text)),
            "answersFor": .strings(content.members.filter(joint.answers(for:)).map(\.text)),
            "note": text(note), "reason": text(reason),
        ]
    }

    private static func declining(_ party: String, _ reason: String) -> JSONValue {
        .object([JSONMember("by", .string(party)), JSONMember("reason", .string(reason))])
    }

    private static func describe(_ agreement: AgreementState) -> [String: JSONValue] {
        let reason: String? = if case .dropped(let reason) = agreement.status { reason } else { nil }
        return [
            "status": .string(agreement.status.name), "due": text(agreement.due?.text),
            "percent": agreement.percent.map(JSONValue.number) ?? .null,
            "owner": .string(agreement.content.owner.text), "recorder": .string(agreement.recorder.text),
            "entries": .number(agreement.entries.count), "reason": text(reason),
        ]
    }

    private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    private static func moment(_ time: Timestamp?) -> JSONValue {
        text(time.map { $0.text.count == 20 ? $0.text.dropLast() + ".000Z" : $0.text })
    }
}
