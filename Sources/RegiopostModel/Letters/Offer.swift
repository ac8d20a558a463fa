/// A sort of meeting that a letter offers besides support.
public enum Offer: String, Sendable, CaseIterable {
    /// A conversation with the region's accounthouder.
    case conversation
    /// An explanation to council members (toelichting aan raadsleden).
    case councilBriefing = "council-briefing"
    /// A knowledge session, webinar or workshop.
    case knowledgeSession = "knowledge-session"
    /// An expert team that comes to help.
    case expertTeam = "expert-team"

    /// The offer's name for people.
    public var name: Phrase {
        switch self {
        case .conversation:
            Phrase(
                dutch: "gesprek met de regio-accounthouder", english: "conversation with the regio-accounthouder")
        case .councilBriefing: Phrase(dutch: "toelichting aan raadsleden", english: "briefing of the council")
        case .knowledgeSession: Phrase(dutch: "kennissessie", english: "knowledge session")
        case .expertTeam: Phrase(dutch: "expertteam", english: "expert team")
        }
    }
}
