import ArgumentParser
import RegiopostClient
import RegiopostModel

/// What people can ask for with a conversation or a briefing.
struct MeetingWishes: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp(Help.letterHandle.here)) var letter: String?
    @Option(name: .long, help: ArgumentHelp(Help.theme.here)) var theme: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.slot.here)) var slot: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.place.here)) var place: String?
    @Option(name: .long, help: ArgumentHelp(Help.audience.here)) var audience: String?
    @Option(name: .long, help: ArgumentHelp(Help.size.here)) var size: Int?
    @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?
    @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

    /// The request's content, for the account holder of one's own region.
    func content(
        _ kind: MeetingContent.Kind, inviting invited: [OrganisationCode], _ desk: Desk, _ view: View
    ) throws -> MeetingContent {
        let letter = try letter.map { try desk.letter($0, in: view) }
        return MeetingContent(
            kind: kind, accounthouder: try desk.accounthouder(in: view), invited: invited, letter: letter?.id,
            dossier: letter?.state.content.dossier, themes: theme, slots: try desk.slots(slot), place: place,
            audience: audience, size: size, note: note)
    }
}
