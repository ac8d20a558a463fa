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
}
