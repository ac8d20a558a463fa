import RegiopostModel
import Testing

extension Story {
    // MARK: What is drafted

    /// A letter's draft.
    public func letterDraft(title: String = "Samen verder", requests: [String] = []) throws -> ChangeBody {
        guard case .letterPublish(let content) = try letter(requests: requests) else { throw NoDraft() }
        return .draftSave(DraftContent(title: title, matter: .letter(content)))
    }

    /// The draft of one organisation's response to a letter.
    public func responseDraft(
        to letter: ChangeID, by code: String = "gm0503", text: String = "Graag.", dossier: String? = dossier
    ) throws -> ChangeBody {
        .draftSave(
            DraftContent(
                title: "Antwoord", matter: .response(try drafted(letter, [code], text: text, dossier: dossier))))
    }

    /// The draft of a joint response.
    public func jointDraft(
        to letter: ChangeID, members: [String] = ["gm0503", "gm0518"], text: String = "Samen graag."
    ) throws -> ChangeBody {
        .draftSave(
            DraftContent(
                title: "Samen",
                matter: .joint(
                    try drafted(letter, members, text: text, dossier: Self.dossier),
                    members: members.compactMap(OrganisationCode.init(_:)))))
    }

    private func drafted(
        _ letter: ChangeID, _ codes: [String], text: String, dossier: String?
    ) throws -> DraftAnswer {
        guard case .letter(let state) = world.subject(.letter(letter))?.state else { throw NoDraft() }
        return DraftAnswer(
            letter: letter, recipients: state.content.recipients.filter { codes.contains($0.organisation.text) },
            content: AnswerContent(dossier: dossier.flatMap(DossierNumber.init(_:)), text: text))
    }

    // MARK: What becomes of it

    /// The draft as it stands.
    public func draft(_ id: ChangeID) throws -> DraftState {
        guard case .draft(let draft) = world.subject(.draft(id))?.state else { throw NoDraft() }
        return draft
    }

    /// A citation of the draft's newest version.
    public func citation(of id: ChangeID) throws -> DraftCitation {
        let version = try draft(id).current
        return DraftCitation(id: id, version: version.id, digest: try #require(version.digest))
    }

    /// A signature of the draft's newest version.
    public func signature(of id: ChangeID) throws -> ChangeBody {
        let citation = try citation(of: id)
        return .draft(.sign(version: citation.version, digest: citation.digest))
    }

    /// The joint response that a draft comes to, as it stands.
    public func joint(from id: ChangeID) throws -> ChangeBody {
        let draft = try draft(id)
        guard let letter = draft.current.content.answer?.letter,
            case .letter(let state) = world.subject(.letter(letter))?.state,
            let content = JointContent(from: draft, id: id, answering: state)
        else { throw NoDraft() }
        return .jointSubmit(content)
    }

    /// There is no such draft in the story.
    public struct NoDraft: Error {
        /// Makes the error.
        public init() {}
    }
}
