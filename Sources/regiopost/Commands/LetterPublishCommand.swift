import ArgumentParser
import RegiopostClient
import RegiopostModel

struct LetterPublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "publish", abstract: Help.publish.here)

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.draft.here)) var draft: String
    @Option(name: .long, help: ArgumentHelp(Help.region.here)) var region: String
    @Option(name: .long, help: ArgumentHelp(Help.to.here)) var to: String?
    @Option(name: .long, help: ArgumentHelp(Help.copy.here)) var copy: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.date.here)) var date: String?
    @Option(name: .long, help: ArgumentHelp(Help.due.here)) var due: String?
    @Option(name: .long, help: ArgumentHelp(Help.dossier.here)) var dossier: String?
    @Option(name: .long, help: ArgumentHelp(Help.document.here)) var document: String?
    @Option(name: .long, help: ArgumentHelp(Help.title.here)) var subject: String?
    @OptionGroup var level: ConfidentialityOption
    @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let text = try Drafts(folder: desk.profile.folder).read(draft)
            let given = try dossier.map { try Self.dossier($0) }
            let letter = try LetterReading.read(text, dossier: given, desk.output.language)
            let content = try content(letter.draft, text, desk, view)
            try checkNew(content, in: view)
            DraftPresentation(output: desk.output).warn(letter)
            if let guess = letter.draft.addresseeRole, let role = content.recipients.first?.role, role != guess {
                desk.output.warn(
                    desk.output.text(
                        Texts.otherRole,
                        ["salutation": letter.draft.salutation ?? "", "guess": guess.text, "role": role.text]))
            }
            sayAddressed(content, desk, view)
            let isDateFilledIn = date == nil && letter.draft.date == nil
            try await desk.write(
                Workspace.Intent(
                    .letterPublish, .letterPublish(content), key: key, isDateFilledIn: isDateFilledIn), in: view,
                warnings: letter.warnings)
        }
    }

    private func content(_ draft: LetterDraft, _ text: String, _ desk: Desk, _ view: View) throws -> LetterContent {
        guard let number = try self.dossier.map({ try Self.dossier($0) }) ?? draft.dossier else {
            throw Failure(.data, Texts.noDossier)
        }
        guard let document = self.document.flatMap(DocumentNumber.init(_:)) ?? draft.document else {
            throw Failure(.data, Texts.noDocument)
        }
        guard let title = subject ?? draft.subject else { throw Failure(.data, Texts.noTitle) }
        guard let date = try self.date.map(Self.date) ?? draft.date ?? LocalTime.today(desk.workspace.now) else {
            throw Failure(.data, Texts.badDate, ["date": ""])
        }
        let directory = view.correspondence.directory
        let members = directory.municipalities(of: region, on: date).map(\.code)
        guard !members.isEmpty else { throw Failure(.data, Texts.noMembers, ["region": region]) }
        let role = try role(to, or: draft.addresseeRole)
        let recipients = members.compactMap { Address(organisation: $0, role: role) }.compactMap { address in
            holder(of: address, desk, directory)
        }
        // A heading or request too long to stand apart still stands in the text, as everything does.
        return LetterContent(
            dossier: number, document: document, date: date, title: title, region: region,
            yourReference: draft.yourReference, attachments: draft.attachmentCount ?? 0,
            themes: draft.themes.map(\.heading).filter { $0.utf8.count <= LetterContent.maximumTheme },
            requests: draft.requests.map(\.text).filter { $0.utf8.count <= LetterContent.maximumRequest },
            signatories: draft.signatories.map { Signatory(function: $0.function ?? "-", name: $0.name) },
            recipients: recipients,
            copies: try copyRoles(besides: role).flatMap { copy in
                members.compactMap { Address(organisation: $0, role: copy) }
            }.filter { !recipients.contains($0) }, due: try due.map(Self.date),
            confidentiality: level.confidentiality, text: text)
    }

    /// Whoever has the work of an address whose mandate is over, with a warning.
    private func holder(of address: Address, _ desk: Desk, _ directory: Directory) -> Address? {
        guard case .ended = directory.standing(of: address), let holder = directory.holder(of: address) else {
            return address
        }
        desk.output.warn(
            desk.output.text(
                ConfidentialityTexts.successorAddress, ["address": address.text, "successor": holder.text]))
        return holder
    }

    /// Nine municipalities notice when a letter goes out twice. With a key, the key decides.
    private func checkNew(_ content: LetterContent, in view: View) throws {
        let earlier = view.letters.first { letter in
            letter.state.content.document == content.document && letter.state.content.region == content.region
                && letter.state.withdrawn == nil
        }
        guard key == nil, let earlier else { return }
        throw Failure(
            .data, code: "document-published", Texts.publishedBefore,
            ["document": content.document.text, "handle": Handle.text(earlier.id)])
    }

    private func copyRoles(besides role: Role) throws -> [Role] {
        if copy.contains(where: { ["geen", "none"].contains($0) }) { return [] }
        let roles = copy.isEmpty ? [Role.griffie] : try copy.map { try self.role($0, or: nil) }
        return roles.filter { $0 != role }
    }

    private func role(_ text: String?, or guess: Role?) throws -> Role {
        if let role = text.map(Role.init(_:)) ?? guess, role.exists(at: .municipality) { return role }
        let list = Role.names(at: .municipality).joined(separator: ", ")
        throw Failure(.data, Texts.badRole, ["role": text ?? "", "list": list])
    }

    private func sayAddressed(_ content: LetterContent, _ desk: Desk, _ view: View) {
        let names = content.recipients.map { view.correspondence.directory.name(of: $0.organisation) }
        desk.output.say(
            Texts.addressed,
            [
                "role": content.recipients.first?.role.text ?? "", "count": String(names.count),
                "list": names.joined(separator: ", "),
            ])
    }

    static func date(_ text: String) throws -> CalendarDate {
        guard let date = CalendarDate(text) else { throw Failure(.data, Texts.badDate, ["date": text]) }
        return date
    }

    /// Reads a dossier number. What is nearly the one expected is taken for a slip of it.
    static func dossier(_ text: String, expecting expected: DossierNumber? = nil) throws -> DossierNumber {
        if let number = DossierNumber(text) { return number }
        let near = expected.flatMap { $0.isNear(text) ? $0.text : nil }
        let guess = near ?? DossierNumber.nearMisses(in: text).first?.suggestion?.text ?? "DOS-2026-0001234"
        throw Failure(.data, code: "malformed-dossier", Texts.badDossier, ["found": text, "expected": guess])
    }
}
