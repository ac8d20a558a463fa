import RegiopostModel
import RegiopostTestSupport
import Testing

/// Agreements and programmes at random: out of meetings that were held, or that weren't.
extension RandomWriter {
    mutating func agreementSubject(of type: ChangeType, _ id: ChangeID, _ view: Correspondence) -> SubjectID? {
        switch type {
        case .agreementRecord: return .agreement(id)
        case .programmeStart: return .programme(id)
        case .programmeExclude:
            let all = ids(in: view) { if case .programme = $0 { true } else { false } }
            return pick(all.filter { !agreements(of: $0, view).isEmpty })
        case .programmeInclude, .programmeRename, .programmeClose:
            return pick(ids(in: view) { if case .programme = $0 { true } else { false } })
        default: return pick(ids(in: view) { if case .agreement = $0 { true } else { false } })
        }
    }

    mutating func agreementBody(
        of type: ChangeType, on subject: SubjectID, _ view: Correspondence
    ) throws -> ChangeBody? {
        switch type {
        case .agreementRecord: return agreement(view)
        case .agreementProgress: return .agreement(.progress(note: "Verder.", percent: number(below: 101)))
        case .agreementAmend:
            return .agreement(.amend(due: CalendarDate("2026-0\(1 + number(below: 9))-01"), reason: "Later."))
        case .agreementComplete: return .agreement(.complete(note: nil))
        case .agreementDrop: return .agreement(.drop(reason: "Vervallen."))
        case .agreementReopen: return .agreement(.reopen(reason: "Toch niet."))
        case .programmeStart: return try Story().programme()
        case .programmeRename: return .programme(.rename("Programma \(number(below: 9))"))
        case .programmeClose: return .programme(.close(note: nil))
        default: return programmeStep(type, subject, view)
        }
    }

    private mutating func programmeStep(
        _ type: ChangeType, _ subject: SubjectID, _ view: Correspondence
    ) -> ChangeBody? {
        guard type == .programmeInclude else {
            return pick(agreements(of: subject, view)).map { .programme(.exclude([$0])) }
        }
        guard case .agreement(let id) = pick(ids(in: view) { if case .agreement = $0 { true } else { false } })
        else { return nil }
        return .programme(.include([id]))
    }

    private func agreements(of programme: SubjectID, _ view: Correspondence) -> [ChangeID] {
        guard case .programme(let state) = view.subject(programme)?.state else { return [] }
        return state.agreements
    }

    /// What a meeting came to; mostly one that was held, where there is one.
    private mutating func agreement(_ view: Correspondence) -> ChangeBody? {
        let all = ids(in: view) { if case .meeting = $0 { true } else { false } }
        let held = all.filter { heldBy($0, view) != nil }
        guard let subject = pick(held.isEmpty || number(below: 10) == 0 ? all : held),
            case .meeting(let id) = subject,
            case .meeting(let meeting) = view.subject(subject)?.state
        else { return nil }
        return .agreementRecord(
            AgreementContent(
                meeting: id, kind: meeting.content.kind, parties: meeting.parties, text: "Dit doen wij.",
                owner: pick(meeting.parties) ?? meeting.requester.organisation))
    }

    private func heldBy(_ subject: SubjectID, _ view: Correspondence) -> ChangeID? {
        guard case .meeting(let meeting) = view.subject(subject)?.state else { return nil }
        return meeting.record?.id
    }

    /// What a change of that body needs, as programs fill it in.
    func needs(of body: ChangeBody, _ view: Correspondence) -> [ChangeID] {
        switch body {
        case .agreementRecord(let content): heldBy(.meeting(content.meeting), view).map { [$0] } ?? []
        case .programme(.include(let ids)): ids
        default: []
        }
    }
}
