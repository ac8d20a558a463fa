import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Requests and meetings, for people and for programs.
struct MeetingPresentation {
    let view: View
    let output: Output

    func list() {
        if view.meetings.isEmpty { output.say(Texts.noMeetings) }
        output.show(view.meetings.map { row($0.id, $0.state) })
        output.emit(.array(view.meetings.map { json($0.id, $0.state) }))
    }

    func show(_ id: ChangeID, _ meeting: MeetingState) {
        let details = wishes(meeting.content) + date(meeting) + whoAndWhat(meeting)
        output.show([row(id, meeting)] + details.filter { !$0.1.isEmpty }.map { output.text($0.0) + ": " + $0.1 })
        if let record = meeting.record { output.show(["", record.minutes.text]) }
        output.emit(json(id, meeting))
    }

    private typealias Detail = (Phrase, String)

    private func wishes(_ content: MeetingContent) -> [Detail] {
        let support = content.support.map { output.text($0.name) }.joined(separator: ", ")
        let isOnline = content.online.map {
            output.text($0 ? Phrase(dutch: "ja", english: "yes") : Phrase(dutch: "nee", english: "no"))
        }
        return [
            (Phrase(dutch: "Dossier", english: "Dossier"), content.dossier?.text ?? ""),
            (Phrase(dutch: "Thema's", english: "Themes"), content.themes.joined(separator: ", ")),
            (Phrase(dutch: "Ondersteuning", english: "Support"), support),
            (Phrase(dutch: "Team", english: "Team"), content.team ?? ""),
            (Phrase(dutch: "Plaats", english: "Place"), content.place ?? ""),
            (Phrase(dutch: "Online", english: "Online"), isOnline ?? ""),
            (Phrase(dutch: "Voertaal", english: "Language"), content.language?.text ?? ""),
            (Phrase(dutch: "Voor", english: "For"), content.audience ?? ""),
            (Phrase(dutch: "Aantal", english: "How many"), content.size.map(String.init) ?? ""),
        ]
    }

    /// Who can when, what suits all, and whom the slot that stands doesn't suit.
    private func date(_ meeting: MeetingState) -> [Detail] {
        var details: [Detail] = [
            (Phrase(dutch: "Momenten", english: "Slots"), list(meeting.requesterSlots))
        ]
        guard meeting.takingPart.count > 1 else { return details }
        for code in meeting.joined {
            let name = view.correspondence.directory.name(of: code)
            details.append((Phrase(dutch: name, english: name), list(meeting.slots(of: code)?.slots ?? [])))
        }
        let common = meeting.commonSlots
        details.append((Phrase(dutch: "Past iedereen", english: "Suits everybody"), list(common)))
        if common.isEmpty {
            let best = meeting.bestSlots().prefix(5).map { slot in
                let values = ["slot": slot.typed, "names": names(meeting.notSuited(by: slot))]
                return output.text(Texts.notSuited, values)
            }
            details.append(
                (Phrase(dutch: "Past de meesten", english: "Suits the most"), best.joined(separator: "; ")))
        }
        details.append(
            (Phrase(dutch: "Noemden geen moment", english: "Named no slot"), names(meeting.withoutSlots)))
        if let slot = meeting.slotThatStands {
            details.append(
                (Phrase(dutch: "Past niet", english: "Doesn't suit"), names(meeting.notSuited(by: slot))))
        }
        return details
    }

    private func whoAndWhat(_ meeting: MeetingState) -> [Detail] {
        let before = meeting.confirmedBefore.map { when($0.slot, $0.place) } ?? ""
        return [
            (Phrase(dutch: "Uitgenodigd", english: "Invited"), names(meeting.content.invited)),
            (Phrase(dutch: "Doen mee", english: "Joining"), names(meeting.joined)),
            (Phrase(dutch: "Eerder bevestigd", english: "Confirmed before"), before),
            (Phrase(dutch: "Aanwezig", english: "Present"), names(meeting.record?.minutes.present ?? [])),
            (Phrase(dutch: "Toelichting", english: "Note"), meeting.note ?? ""),
            (Phrase(dutch: "Accounthouder", english: "Account holder"), contact(meeting.content.region)),
        ]
    }

    private func list(_ slots: [Slot]) -> String { slots.map(\.typed).joined(separator: "; ") }

    private func names(_ codes: [OrganisationCode]) -> String {
        codes.map(view.correspondence.directory.name(of:)).joined(separator: ", ")
    }

    private func contact(_ region: String) -> String {
        guard let contact = view.correspondence.directory.regions[region]?.contact else { return "" }
        return [contact.name, contact.mail, contact.phone].compactMap { $0 }.joined(separator: ", ")
    }

    private func row(_ id: ChangeID, _ meeting: MeetingState) -> String {
        let kind =
            switch meeting.content.kind {
            case .conversation: Phrase(dutch: "gesprek", english: "conversation")
            case .briefing: Phrase(dutch: "raadstoelichting", english: "council briefing")
            case .knowledgeSession: Phrase(dutch: "kennissessie", english: "knowledge session")
            case .expertTeam: Phrase(dutch: "expertteam", english: "expert team")
            }
        let who = view.correspondence.directory.name(of: meeting.requester.organisation)
        return [Handle.text(id), output.text(kind), who, "[" + status(meeting) + "]"].joined(separator: "  ")
            + (meeting.content.confidentiality ?? .standard).mark
    }

    private func when(_ slot: Slot, _ place: String?) -> String { slot.typed + (place.map { ", " + $0 } ?? "") }
}

// MARK: Status

extension MeetingPresentation {
    private func status(_ meeting: MeetingState) -> String {
        let (phrase, values) = statusPhrase(meeting)
        return output.text(phrase, values)
    }

    private func statusPhrase(_ meeting: MeetingState) -> (Phrase, [String: String]) {
        switch meeting.status {
        case .requested where meeting.requestedAt == nil:
            (Phrase(dutch: "nog te versturen", english: "to be sent"), [:])
        case .requested: (Phrase(dutch: "aangevraagd", english: "requested"), [:])
        case .proposed(let slot, let place):
            (Phrase(dutch: "voorgesteld: {when}", english: "proposed: {when}"), ["when": when(slot, place)])
        case .countered(let slots):
            (Phrase(dutch: "tegenvoorstel: {when}", english: "countered: {when}"), ["when": list(slots)])
        case .accepted(let slot, let place):
            (
                Phrase(
                    dutch: "ingestemd met {when}, nog te bevestigen", english: "agreed on {when}, to be confirmed"),
                ["when": when(slot, place)]
            )
        case .confirmed(let slot, let place) where meeting.isAccepted:
            (Phrase(dutch: "bevestigd: {when}", english: "confirmed: {when}"), ["when": when(slot, place)])
        case .confirmed(let slot, let place):
            (
                Phrase(
                    dutch: "bevestigd: {when}; {name} stemde daar nog niet mee in",
                    english: "confirmed: {when}; {name} hasn't agreed with it yet"),
                ["when": when(slot, place), "name": names([meeting.requester.organisation])]
            )
        case .held(let slot, let place):
            (Phrase(dutch: "gehouden: {when}", english: "held: {when}"), ["when": when(slot, place)])
        case .declined(let reason):
            (Phrase(dutch: "afgewezen: {reason}", english: "declined: {reason}"), ["reason": reason])
        case .cancelled(let reason, let author):
            (
                Phrase(dutch: "afgezegd door {name}: {reason}", english: "cancelled by {name}: {reason}"),
                ["reason": reason, "name": names([author.organisation])]
            )
        }
    }
}

// MARK: JSON

extension MeetingPresentation {
    private func json(_ id: ChangeID, _ meeting: MeetingState) -> JSONValue {
        let content = meeting.content
        let members: [JSONMember] = [
            JSONValue.object([
                "id": .string(id.text), "handle": .string(Handle.text(id)), "kind": .string(content.kind.rawValue),
                "status": .string(meeting.status.name), "accepted": .bool(meeting.isAccepted),
                "sequence": .number(meeting.sequence), "requester": .string(meeting.requester.text),
                "accounthouder": .string(content.accounthouder.text),
                "dossier": content.dossier.map { .string($0.text) },
                "slot": meeting.slotThatStands.map { .string($0.text) },
                "place": meeting.placeThatStands.map(JSONValue.string),
            ]), wishesJSON(content), datesJSON(meeting),
        ].flatMap { $0.members ?? [] }
        return .object(members)
    }

    private func wishesJSON(_ content: MeetingContent) -> JSONValue {
        .object([
            "confidentiality": .string((content.confidentiality ?? .standard).rawValue),
            "themes": .strings(content.themes), "online": content.online.map(JSONValue.bool),
            "language": content.language.map { .string($0.text) },
            "support": content.support.isEmpty ? nil : .strings(content.support.map(\.rawValue)),
            "team": content.team.map(JSONValue.string), "audience": content.audience.map(JSONValue.string),
            "size": content.size.map(JSONValue.number),
        ])
    }

    private func datesJSON(_ meeting: MeetingState) -> JSONValue {
        let parts = meeting.takingPart.map { code in
            JSONValue.object([
                "organisation": .string(code.text),
                "slots": meeting.slots(of: code).map { .strings($0.slots.map(\.text)) },
            ])
        }
        return .object([
            "slots": .strings(meeting.requesterSlots.map(\.text)),
            "common": .strings(meeting.commonSlots.map(\.text)),
            "invited": .strings(meeting.content.invited.map(\.text)),
            "joined": .strings(meeting.joined.map(\.text)), "parts": .array(parts),
            "withoutSlots": .strings(meeting.withoutSlots.map(\.text)),
            "notSuited": meeting.slotThatStands.map { .strings(meeting.notSuited(by: $0).map(\.text)) },
            "confirmedBefore": meeting.confirmedBefore.map { .string($0.slot.text) },
            "minutes": meeting.record.map { .string($0.minutes.text) },
            "present": meeting.record.map { .strings($0.minutes.present.map(\.text)) },
            "reason": meeting.endedBecause.map(JSONValue.string),
            "requested": meeting.requestedAt.map { .string($0.text) },
        ])
    }
}
