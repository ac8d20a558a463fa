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
        let content = meeting.content
        var lines = [row(id, meeting)]
        let directory = view.correspondence.directory
        let details: [(Phrase, String)] = [
            (Phrase(dutch: "Dossier", english: "Dossier"), content.dossier?.text ?? ""),
            (Phrase(dutch: "Thema's", english: "Themes"), content.themes.joined(separator: ", ")),
            (Phrase(dutch: "Momenten", english: "Slots"), content.slots.map(\.typed).joined(separator: "; ")),
            (
                Phrase(dutch: "Past iedereen", english: "Suits everybody"),
                meeting.joined.isEmpty ? "" : meeting.commonSlots.map(\.typed).joined(separator: "; ")
            ),
            (
                Phrase(dutch: "Uitgenodigd", english: "Invited"),
                content.invited.map { directory.name(of: $0) }.joined(separator: ", ")
            ),
            (
                Phrase(dutch: "Doen mee", english: "Joining"),
                meeting.joined.keys.sorted().map { directory.name(of: $0) }.joined(separator: ", ")
            ),
            (Phrase(dutch: "Plaats", english: "Place"), content.place ?? ""),
            (Phrase(dutch: "Voor", english: "For"), content.audience ?? ""),
            (Phrase(dutch: "Aantal", english: "How many"), content.size.map(String.init) ?? ""),
            (Phrase(dutch: "Toelichting", english: "Note"), meeting.note ?? ""),
            (Phrase(dutch: "Accounthouder", english: "Account holder"), contact(content.region)),
        ]
        lines += details.filter { !$0.1.isEmpty }.map { output.text($0.0) + ": " + $0.1 }
        output.show(lines)
        output.emit(json(id, meeting))
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
            }
        let who = view.correspondence.directory.name(of: meeting.requester.organisation)
        return [Handle.text(id), output.text(kind), who, "[" + status(meeting) + "]"].joined(separator: "  ")
    }

    private func status(_ meeting: MeetingState) -> String {
        switch meeting.status {
        case .requested:
            meeting.requestedAt == nil
                ? output.text(Phrase(dutch: "nog te versturen", english: "to be sent"))
                : output.text(Phrase(dutch: "aangevraagd", english: "requested"))
        case .proposed(let slot, let place):
            output.text(
                Phrase(dutch: "voorgesteld: {when}", english: "proposed: {when}"), ["when": when(slot, place)])
        case .countered(let slots):
            output.text(
                Phrase(dutch: "tegenvoorstel: {when}", english: "countered: {when}"),
                ["when": slots.map(\.typed).joined(separator: "; ")])
        case .accepted(let slot, let place):
            output.text(
                Phrase(
                    dutch: "ingestemd met {when}, nog te bevestigen", english: "agreed on {when}, to be confirmed"),
                ["when": when(slot, place)])
        case .confirmed(let slot, let place):
            output.text(
                Phrase(dutch: "bevestigd: {when}", english: "confirmed: {when}"), ["when": when(slot, place)])
        case .declined(let reason):
            output.text(Phrase(dutch: "afgewezen: {reason}", english: "declined: {reason}"), ["reason": reason])
        case .cancelled(let reason):
            output.text(Phrase(dutch: "afgezegd: {reason}", english: "cancelled: {reason}"), ["reason": reason])
        }
    }

    private func when(_ slot: Slot, _ place: String?) -> String { slot.typed + (place.map { ", " + $0 } ?? "") }

    private func json(_ id: ChangeID, _ meeting: MeetingState) -> JSONValue {
        var slot: Slot?
        var place: String?
        switch meeting.status {
        case .proposed(let known, let at), .accepted(let known, let at), .confirmed(let known, let at):
            (slot, place) = (known, at)
        case .requested, .countered, .declined, .cancelled: break
        }
        let content = meeting.content
        return .object([
            "id": .string(id.text), "handle": .string(Handle.text(id)), "kind": .string(content.kind.rawValue),
            "status": .string(meeting.status.name), "requester": .string(meeting.requester.text),
            "accounthouder": .string(content.accounthouder.text),
            "dossier": content.dossier.map { .string($0.text) },
            "slot": slot.map { .string($0.text) }, "place": place.map(JSONValue.string),
            "slots": .strings(content.slots.map(\.text)), "common": .strings(meeting.commonSlots.map(\.text)),
            "invited": .strings(content.invited.map(\.text)),
            "joined": .strings(meeting.joined.keys.sorted().map(\.text)), "themes": .strings(content.themes),
            "requested": meeting.requestedAt.map { .string($0.text) },
        ])
    }
}
