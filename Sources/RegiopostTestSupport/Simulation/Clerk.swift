import RegiopostClient
import RegiopostModel

/// What somebody at an address might want to do with what is seen: sensible things, in any order.
struct Clerk {
    let address: Address
    let stepper: Stepper

    static let slots = ["2026-05-12T19:30/21:00", "2026-05-13T19:00/20:30"].compactMap(Slot.init)
    static let municipalities = ["gm0503", "gm0518", "gm0603"].compactMap(OrganisationCode.init)

    /// Things to try; what the rules don't allow is refused at the keyboard.
    func intents(in view: View) -> [Workspace.Intent] {
        var intents: [Workspace.Intent] = []
        switch address.role {
        case .secretariaat: intents += letters(view)
        case .accounthouder: intents += accounthouder(view)
        case .griffie: intents += meetings(view, .briefing)
        default: intents += answers(view) + meetings(view, .conversation)
        }
        return intents
    }

    private func letters(_ view: View) -> [Workspace.Intent] {
        var intents = [Workspace.Intent(.letterPublish, letter())]
        if let id = stepper.pick(view.letters.map(\.id).sorted()) {
            if stepper.happens(1, in: 6) {
                intents.append(.init(.letterWithdraw, on: .letter(id), .letterWithdraw(reason: "Vervallen.")))
            }
            intents.append(
                .init(.draftSave, .draftSave(DraftContent(title: "Concept", matter: .letter(content())))))
        }
        return intents
    }

    private func letter() -> ChangeBody { .letterPublish(content()) }

    private func content() -> LetterContent {
        let all = Self.municipalities.filter { _ in stepper.happens(2, in: 3) }
        let codes = all.isEmpty ? Array(Self.municipalities.prefix(1)) : all
        guard let dossier = DossierNumber("DOS-2026-0000042"), let document = DocumentNumber("PZH-2026-000000042"),
            let date = CalendarDate("2026-03-27")
        else { preconditionFailure("these are numbers and a date") }
        return LetterContent(
            dossier: dossier, document: document, date: date, title: "Samen \(stepper.number(below: 100))",
            region: "haagse-regio", themes: ["Wonen"],
            signatories: [Signatory(function: "secretaris", name: "A. Bakker")],
            recipients: codes.compactMap { Address(organisation: $0, role: .formateur) },
            copies: codes.compactMap { Address(organisation: $0, role: .griffie) }, text: "Wij schrijven u.")
    }

    private func answers(_ view: View) -> [Workspace.Intent] {
        guard let letter = stepper.pick(view.letters.map(\.id).sorted()),
            case .letter(let state)? = view.correspondence.subject(.letter(letter))?.state
        else { return [] }
        let organisation = address.organisation
        let subject = SubjectID.response(letter: letter, organisation: organisation)
        let route = state.route
        let answer = AnswerContent(dossier: state.content.dossier, text: "Graag \(stepper.number(below: 100)).")
        let roles = state.content.roles(at: organisation)
        var intents: [Workspace.Intent] = [
            .init(
                .responseSubmit, on: subject,
                .responseSubmit(ResponseContent(route: route, roles: roles, answer: answer))),
            .init(.receiptOpened, on: .receipt(letter: letter, address: address), .receiptOpened(route)),
        ]
        if stepper.happens(1, in: 3) {
            intents.append(.init(.responseWithdraw, on: subject, .responseWithdraw(reason: "Te vroeg.")))
        }
        let drafted = DraftAnswer(
            letter: letter, recipients: state.content.recipients.filter { $0.organisation == organisation },
            content: answer)
        intents.append(.init(.draftSave, .draftSave(DraftContent(title: "Antwoord", matter: .response(drafted)))))
        if let draft = view.drafts.map(\.id).sorted().first,
            case .draft(let known)? = view.correspondence.subject(.draft(draft))?.state
        {
            let content = known.current.content
            intents.append(
                .init(
                    .draftSave, on: .draft(draft), .draftSave(DraftContent(title: "Beter", matter: content.matter)))
            )
            if let digest = known.current.digest {
                intents.append(
                    .init(.draftSign, on: .draft(draft), .draft(.sign(version: known.current.id, digest: digest))))
            }
        }
        return intents
    }

    private func meetings(_ view: View, _ kind: MeetingContent.Kind) -> [Workspace.Intent] {
        guard let accounthouder = Address("pv28/accounthouder-haagse-regio") else { return [] }
        let invited = Self.municipalities.filter { $0 != address.organisation && stepper.happens(1, in: 2) }
        let content = MeetingContent(
            kind: kind, accounthouder: accounthouder, invited: invited, themes: ["Wonen"],
            slots: stepper.happens(1, in: 2) ? Self.slots : [])
        var intents = [Workspace.Intent(.meetingRequest, .meetingRequest(content))]
        guard let id = stepper.pick(view.meetings.map(\.id).sorted()) else { return intents }
        intents.append(.init(.meetingJoin, on: .meeting(id), .meeting(.join(slots: Self.slots))))
        intents.append(.init(.meetingAccept, on: .meeting(id), .meeting(.accept(note: nil))))
        intents.append(
            .init(.meetingCounter, on: .meeting(id), .meeting(.counter(slots: [Self.slots[1]], note: nil))))
        if stepper.happens(1, in: 5) {
            intents.append(.init(.meetingCancel, on: .meeting(id), .meeting(.cancel(reason: "Later."))))
        }
        return intents
    }

    private func accounthouder(_ view: View) -> [Workspace.Intent] {
        var intents: [Workspace.Intent] = []
        if let response = stepper.pick(view.responses) {
            let subject = SubjectID.response(letter: response.letter, organisation: response.organisation)
            intents.append(.init(.responseAcknowledge, on: subject, .responseAcknowledge(note: nil)))
        }
        guard let id = stepper.pick(view.meetings.map(\.id).sorted()) else { return intents }
        let subject = SubjectID.meeting(id)
        let slot = stepper.pick(Self.slots) ?? Self.slots[0]
        intents.append(.init(.meetingPropose, on: subject, .meeting(.propose(slot: slot, place: nil, note: nil))))
        intents.append(.init(.meetingConfirm, on: subject, .meeting(.confirm(slot: slot, place: nil, note: nil))))
        if stepper.happens(1, in: 6) {
            intents.append(.init(.meetingDecline, on: subject, .meeting(.decline(reason: "Vol."))))
        }
        intents.append(
            .init(.meetingHold, on: subject, .meeting(.hold(MeetingStep.Minutes(text: "Besproken.", present: [])))))
        if let hold = view.changes.last(where: { $0.type == .meetingHold && $0.subject == subject }),
            case .meeting(let state)? = view.correspondence.subject(subject)?.state
        {
            let parties = [state.requester.organisation]
            let content = AgreementContent(
                meeting: id, kind: state.content.kind, parties: parties, text: "Bouwen.", owner: parties[0],
                due: nil,
                dossier: nil)
            intents.append(.init(.agreementRecord, .agreementRecord(content), needs: [hold.id]))
        }
        return intents
    }
}
