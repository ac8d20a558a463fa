import ArgumentParser
import RegiopostClient
import RegiopostModel

/// What people can ask for with a meeting of any kind.
struct MeetingWishes: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp(Help.letterHandle.here)) var letter: String?
    @Option(name: .long, help: ArgumentHelp(Help.theme.here)) var theme: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.support.here)) var support: [SupportKind] = []
    @Option(name: .long, help: ArgumentHelp(Help.slot.here)) var slot: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.place.here)) var place: String?
    @Flag(name: .long, help: ArgumentHelp(Help.online.here)) var online = false
    @Flag(name: .long, help: ArgumentHelp(Help.inPerson.here)) var inPerson = false
    @Option(name: .long, help: ArgumentHelp(Help.spoken.here)) var spoken: String?
    @Option(name: .long, help: ArgumentHelp(Help.audience.here)) var audience: String?
    @Option(name: .long, help: ArgumentHelp(Help.size.here)) var size: Int?
    @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?
    @OptionGroup var level: ConfidentialityOption
    @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?
    @Option(name: [.customLong("with"), .customLong("invite")], help: ArgumentHelp(Help.with.here))
    var with: [String] = []
    @Flag(name: [.customLong("region"), .customLong("invite-region")], help: ArgumentHelp(Help.wholeRegion.here))
    var region = false

    /// Asks the account holder of one's own region.
    func request(_ kind: MeetingContent.Kind, team: String? = nil, _ options: GlobalOptions) async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let content = try content(kind, team: team, desk, view)
            try await desk.write(Workspace.Intent(.meetingRequest, .meetingRequest(content), key: key), in: view)
        }
    }

    private func content(
        _ kind: MeetingContent.Kind, team: String?, _ desk: Desk, _ view: View
    ) throws -> MeetingContent {
        let letter = try letter.map { try desk.letter($0, in: view) }
        guard !(online && inPerson) else { throw Failure(.data, Texts.onlineOrNot) }
        return MeetingContent(
            kind: kind, accounthouder: try desk.accounthouder(in: view), invited: try invited(desk, view),
            letter: letter?.id, dossier: letter?.state.content.dossier, themes: theme,
            slots: try desk.slots(slot), place: place, online: online ? true : inPerson ? false : nil,
            language: try language(), support: support, team: team, audience: audience, size: size, note: note,
            // A briefing is made for council members, who read no more than this.
            confidentiality: level.confidentiality ?? (kind == .briefing ? .beperktOpenbaar : nil))
    }

    private func language() throws -> LanguageTag? {
        guard let spoken else { return nil }
        guard let language = LanguageTag(spoken) else {
            throw Failure(.data, Texts.badLanguage, ["language": spoken])
        }
        return language
    }

    private func invited(_ desk: Desk, _ view: View) throws -> [OrganisationCode] {
        let own = desk.profile.address.organisation
        var codes = try with.map { try desk.existing($0, in: view).code }
        if region {
            guard let name = view.correspondence.directory.region(of: own)?.name else {
                throw Failure(.data, Texts.noRegion, ["name": own.text])
            }
            codes += view.correspondence.directory.municipalities(of: name).map(\.code)
        }
        return Set(codes).subtracting([own]).sorted()
    }
}

extension SupportKind: ExpressibleByArgument {}
extension MeetingContent.Kind: ExpressibleByArgument {}
