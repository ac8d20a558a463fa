import RegiopostClient
import RegiopostModel

/// One line about one change, as people would tell it.
enum News {
    /// What a change is, without names.
    static func what(_ change: Change, language: Language) -> String { phrase(change).text(language) }

    /// When, who, what, about what.
    static func line(about change: Change, receivedAt: Timestamp, in view: View, language: Language) -> String {
        let what = phrase(change).text(language)
        let parts = [LocalTime.text(receivedAt), who(change, in: view) + ":", what, about(change, in: view)]
        return "  " + parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Whether a line about it is news to the address. That its own letter arrived is none.
    static func isNews(_ change: Change, to address: Address) -> Bool {
        guard change.type == .receiptDelivered, case .receipt(_, let holder) = change.subject else { return true }
        return holder != address
    }

    /// Who did it, or for a delivery whom it reached.
    private static func who(_ change: Change, in view: View) -> String {
        var address = change.author
        if change.type == .receiptDelivered, case .receipt(_, let holder) = change.subject { address = holder }
        return view.correspondence.directory.name(of: address.organisation) + " (" + address.role.text + ")"
    }

    /// The letter or meeting that a change is about, with its handle.
    static func about(_ change: Change, in view: View) -> String {
        switch change.subject {
        case .letter(let id), .receipt(let id, _), .response(let id, _), .term(let id, _):
            guard case .letter(let letter) = view.correspondence.subject(.letter(id))?.state else { return "" }
            return "“" + letter.content.title + "” (" + letter.content.dossier.text + ", " + Handle.text(id) + ")"
        case .joint(let id), .draft(let id): return about(draft: id, in: view)
        case .meeting(let id): return "(" + Handle.text(id) + ")"
        case .agreement(let id):
            guard case .agreement(let agreement) = view.correspondence.subject(.agreement(id))?.state else {
                return ""
            }
            return "“" + AgreementPresentation.shortened(agreement.content.text) + "” (" + Handle.text(id) + ")"
        case .programme(let id):
            guard case .programme(let programme) = view.correspondence.subject(.programme(id))?.state else {
                return ""
            }
            return "“" + programme.name + "” (" + Handle.text(id) + ")"
        case .organisation, .region, .mandate, .other: return ""
        }
    }

    /// The title of a draft, or the letter that a joint response answers.
    private static func about(draft id: ChangeID, in view: View) -> String {
        let handle = Handle.text(id)
        if case .draft(let draft) = view.correspondence.subject(.draft(id))?.state {
            return "“" + draft.current.content.title + "” (" + handle + ")"
        }
        guard case .joint(let joint) = view.correspondence.subject(.joint(id))?.state else { return "" }
        return "(" + (joint.current.content.answer.dossier?.text ?? "") + ", " + handle + ")"
    }

    private static func phrase(_ change: Change) -> Phrase {
        switch change.type {
        case .letterPublish: Phrase(dutch: "brief", english: "letter")
        case .letterWithdraw: Phrase(dutch: "trekt de brief in", english: "withdraws the letter")
        case .letterSupersede: Phrase(dutch: "vervangt de brief", english: "replaces the letter")
        case .jointSubmit: Phrase(dutch: "antwoordt samen met anderen", english: "answers together with others")
        case .jointWithdraw:
            Phrase(dutch: "trekt het gezamenlijke antwoord in", english: "withdraws the joint response")
        case .jointAcknowledge:
            Phrase(dutch: "heeft het gezamenlijke antwoord gelezen", english: "has read the joint response")
        case .draftSave: Phrase(dutch: "bewaart het concept", english: "saves the draft")
        case .draftSign: Phrase(dutch: "tekent het concept", english: "signs the draft")
        case .draftDecline: Phrase(dutch: "tekent het concept niet", english: "won't sign the draft")
        case .draftDiscard: Phrase(dutch: "doet het concept weg", english: "discards the draft")
        case .receiptDelivered: Phrase(dutch: "heeft ontvangen", english: "has received")
        case .receiptOpened: Phrase(dutch: "heeft geopend", english: "has opened")
        case .responseSubmit: Phrase(dutch: "antwoordt op", english: "answers")
        case .responseWithdraw: Phrase(dutch: "trekt het antwoord in op", english: "withdraws the answer to")
        case .responseAcknowledge: Phrase(dutch: "heeft het antwoord gelezen op", english: "has read the answer to")
        case .meetingRequest:
            request(change)
        case .meetingJoin: Phrase(dutch: "doet mee", english: "joins")
        case .meetingLeave: Phrase(dutch: "doet niet meer mee", english: "no longer joins")
        case .meetingPropose: Phrase(dutch: "stelt een moment voor", english: "proposes a slot")
        case .meetingCounter: Phrase(dutch: "stelt andere momenten voor", english: "proposes other slots")
        case .meetingAccept: Phrase(dutch: "stemt in met het voorstel", english: "agrees with the proposal")
        case .meetingConfirm: Phrase(dutch: "bevestigt de afspraak", english: "confirms the meeting")
        case .meetingDecline: Phrase(dutch: "wijst af", english: "declines")
        case .meetingCancel: Phrase(dutch: "zegt af", english: "cancels")
        case .meetingReschedule: Phrase(dutch: "wil een andere datum", english: "wants another date")
        case .meetingHold: Phrase(dutch: "legt het verslag vast", english: "keeps the minutes")
        case .agreementRecord, .agreementProgress, .agreementAmend, .agreementComplete, .agreementDrop,
            .agreementReopen, .programmeStart, .programmeInclude, .programmeExclude, .programmeRename,
            .programmeClose:
            agreement(change)
        case .termSet: Phrase(dutch: "zet een datum voor", english: "sets a date for")
        case .termSuspend: Phrase(dutch: "schort de termijn op van", english: "lets the term stand still of")
        case .termResume: Phrase(dutch: "laat de termijn weer lopen van", english: "lets the term run again of")
        case .termRemind: Phrase(dutch: "HERINNERT AAN", english: "REMINDS OF")
        case .organisationSet, .regionSet: Phrase(dutch: "wijzigt het adresboek", english: "changes the directory")
        case .organisationMerge: Phrase(dutch: "voegt gemeenten samen", english: "merges municipalities")
        case .regionHandover: Phrase(dutch: "draagt een regio over", english: "hands a region over")
        case .mandateSet: Phrase(dutch: "stelt een mandaat vast", english: "sets a mandate")
        case .mandateStart: Phrase(dutch: "laat een mandaat ingaan", english: "lets a mandate begin")
        case .mandateEnd: Phrase(dutch: "beëindigt een mandaat", english: "ends a mandate")
        case nil: Phrase(dutch: "iets van een nieuwere versie", english: "something of a newer version")
        }
    }

    private static func agreement(_ change: Change) -> Phrase {
        switch change.type {
        case .agreementRecord: Phrase(dutch: "legt een afspraak vast", english: "records an agreement")
        case .agreementProgress: Phrase(dutch: "meldt voortgang van", english: "says how far it is with")
        case .agreementAmend: Phrase(dutch: "geeft een andere datum aan", english: "gives another date to")
        case .agreementComplete: Phrase(dutch: "heeft gedaan", english: "has done")
        case .agreementDrop: Phrase(dutch: "laat vervallen", english: "drops")
        case .agreementReopen: Phrase(dutch: "heropent", english: "reopens")
        case .programmeStart: Phrase(dutch: "begint het programma", english: "starts the programme")
        case .programmeInclude: Phrase(dutch: "neemt afspraken op in", english: "takes agreements into")
        case .programmeExclude: Phrase(dutch: "haalt afspraken uit", english: "takes agreements out of")
        case .programmeRename: Phrase(dutch: "hernoemt het programma", english: "renames the programme")
        default: Phrase(dutch: "sluit het programma af", english: "closes the programme")
        }
    }

    private static func request(_ change: Change) -> Phrase {
        guard case .meetingRequest(let content) = change.body else { return Phrase(dutch: "", english: "") }
        return switch content.kind {
        case .conversation: Phrase(dutch: "vraagt een gesprek aan", english: "asks for a conversation")
        case .briefing: Phrase(dutch: "vraagt een raadstoelichting aan", english: "asks for a council briefing")
        case .knowledgeSession:
            Phrase(dutch: "vraagt een kennissessie aan", english: "asks for a knowledge session")
        case .expertTeam: Phrase(dutch: "vraagt een expertteam aan", english: "asks for an expert team")
        }
    }
}
