import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Drafts that a circle shares, for people and for programs.
struct SharedDraftPresentation {
    let view: View
    let output: Output

    func list() {
        if view.drafts.isEmpty { output.say(Texts.noSharedDrafts) }
        output.show(view.drafts.map { row($0.id, $0.state) })
        output.emit(.array(view.drafts.map { .object(members($0.id, $0.state)) }))
    }

    func show(_ id: ChangeID, _ draft: DraftState) {
        output.show([row(id, draft), who(draft.current.author)] + parties(draft) + [""] + text(draft))
        output.emit(.object(members(id, draft) + content(draft)))
    }

    private func row(_ id: ChangeID, _ draft: DraftState) -> String {
        [
            Handle.text(id), output.text(Self.kind(draft.kind)), draft.current.content.title,
            "[" + output.text(status(id, draft).phrase, ["n": String(draft.count)]) + "]",
        ].joined(separator: "  ")
    }

    private func who(_ address: Address) -> String {
        view.correspondence.directory.name(of: address.organisation) + " (" + address.role.text + ")"
    }

    private func name(_ party: DraftParty) -> String {
        switch party {
        case .address(let address): who(address)
        case .organisation(let code): view.correspondence.directory.name(of: code)
        }
    }

    /// Who signed, who declined and why, who said nothing.
    private func parties(_ draft: DraftState) -> [String] {
        draft.parties.map { party in
            switch draft.decision(of: party)?.verdict {
            case .signed: "  ✓ " + name(party)
            case .declined(let reason): "  ✗ " + name(party) + ": " + reason
            case nil: "  · " + name(party)
            }
        }
    }

    private func text(_ draft: DraftState) -> [String] {
        switch draft.current.content.matter {
        case .letter(let letter):
            [letter.dossier.text + "  " + letter.document.text + "  " + letter.region, "", letter.text]
        case .response(let answer), .joint(let answer, _):
            AnswerPresentation(output: output).lines(answer.content, to: requests(answer.letter))
        }
    }

    private func requests(_ letter: ChangeID) -> [String] {
        guard case .letter(let state) = view.correspondence.subject(.letter(letter))?.state else { return [] }
        return state.content.requests
    }

    // MARK: How far it is

    private func status(_ id: ChangeID, _ draft: DraftState) -> (name: String, phrase: Phrase) {
        if case .discarded = draft.status {
            return ("discarded", Phrase(dutch: "weggedaan", english: "discarded"))
        }
        if view.sent(from: id) != nil { return ("sent", Phrase(dutch: "verstuurd", english: "sent")) }
        guard !draft.parties.isEmpty else {
            return ("open", Phrase(dutch: "concept, versie {n}", english: "draft, version {n}"))
        }
        if draft.missing.isEmpty {
            return draft.kind == .letter
                ? ("adopted", Phrase(dutch: "vastgesteld", english: "adopted"))
                : ("signed", Phrase(dutch: "door alle leden getekend", english: "signed by all members"))
        }
        let count = "\(draft.parties.count - draft.missing.count)/\(draft.parties.count)"
        return (
            "open",
            Phrase(dutch: "versie {n}, \(count) getekend", english: "version {n}, \(count) signed")
        )
    }

    static func kind(_ kind: DraftContent.Kind) -> Phrase {
        switch kind {
        case .letter: Phrase(dutch: "brief", english: "letter")
        case .response: Phrase(dutch: "antwoord", english: "response")
        case .joint: Phrase(dutch: "gezamenlijk antwoord", english: "joint response")
        }
    }

    // MARK: For programs

    private func members(_ id: ChangeID, _ draft: DraftState) -> [JSONMember] {
        let decided = draft.parties.map { ($0, draft.decision(of: $0)?.verdict) }
        let declined = decided.compactMap { party, verdict -> JSONValue? in
            guard case .declined(let reason) = verdict else { return nil }
            return .object(["party": .string(party.text), "reason": .string(reason)])
        }
        let object = JSONValue.object([
            "id": .string(id.text), "handle": .string(Handle.text(id)), "kind": .string(draft.kind.rawValue),
            "title": .string(draft.current.content.title), "status": .string(status(id, draft).name),
            "owner": .string(draft.owner.text), "version": .number(draft.count),
            "author": .string(draft.current.author.text),
            "digest": draft.current.digest.map { .string($0.text) },
            "letter": draft.current.content.answer.map { .string($0.letter.text) },
            "members": draft.kind == .joint ? .strings(draft.current.content.members.map(\.text)) : nil,
            "signed": .strings(draft.parties.filter { draft.isSigned(by: $0) }.map(\.text)),
            "declined": .array(declined),
            "missing": .strings(decided.filter { $0.1 == nil }.map(\.0.text)),
            "sent": view.sent(from: id).map { .string($0.text) },
        ])
        return object.members ?? []
    }

    private func content(_ draft: DraftState) -> [JSONMember] {
        switch draft.current.content.matter {
        case .letter(let letter):
            [
                JSONMember("dossier", .string(letter.dossier.text)),
                JSONMember("document", .string(letter.document.text)),
                JSONMember("region", .string(letter.region)), JSONMember("requests", .strings(letter.requests)),
                JSONMember("text", .string(letter.text)),
            ]
        case .response(let answer), .joint(let answer, _):
            AnswerPresentation(output: output).members(answer.content)
        }
    }
}
