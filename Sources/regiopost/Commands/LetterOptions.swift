import ArgumentParser
import RegiopostClient
import RegiopostModel

/// What a letter says besides its text, as options: for publishing one, and for its draft.
struct LetterOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp(Help.region.here)) var region: String?
    @Option(name: .long, help: ArgumentHelp(Help.to.here)) var to: String?
    @Option(name: .long, help: ArgumentHelp(Help.copy.here)) var copy: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.date.here)) var date: String?
    @Option(name: .long, help: ArgumentHelp(Help.due.here)) var due: String?
    @Option(name: .long, help: ArgumentHelp(Help.dossier.here)) var dossier: String?
    @Option(name: .long, help: ArgumentHelp(Help.document.here)) var document: String?
    @Option(name: .long, help: ArgumentHelp(Help.title.here)) var subject: String?
    @Option(name: .long, help: ArgumentHelp(Help.supersedes.here)) var supersedes: String?
    @Option(name: .long, parsing: .upToNextOption, help: ArgumentHelp(FileTexts.attach.here))
    var attach: [String] = []
    @OptionGroup var level: ConfidentialityOption

    /// The letter with its attachments, which must be as many as its text names.
    func attaching(to letter: LetterContent, named count: Int?, _ desk: Desk) async throws -> LetterContent {
        guard !attach.isEmpty else { return letter }
        guard count == nil || count == attach.count else {
            throw Failure(
                .data, code: "attachment-count", FileTexts.otherCount,
                ["count": String(count ?? 0), "files": String(attach.count)])
        }
        return letter.with(files: try await desk.attach(attach))
    }

    /// The letter that a text and these options make; what isn't given is read out of the text.
    func content(_ draft: LetterDraft, _ text: String, region: String, _ desk: Desk, _ view: View) throws
        -> LetterContent
    {
        guard let number = try self.dossier.map({ try LetterPublishCommand.dossier($0) }) ?? draft.dossier else {
            throw Failure(.data, Texts.noDossier)
        }
        guard let document = self.document.flatMap(DocumentNumber.init(_:)) ?? draft.document else {
            throw Failure(.data, Texts.noDocument)
        }
        guard let title = subject ?? draft.subject else { throw Failure(.data, Texts.noTitle) }
        let given = try self.date.map(LetterPublishCommand.date)
        guard let date = given ?? draft.date ?? LocalTime.today(desk.workspace.now) else {
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
            }.filter { !recipients.contains($0) }, due: try due.map { try DueDate.read($0, after: date) },
            confidentiality: level.confidentiality,
            supersedes: try supersedes.map { try desk.letter($0, in: view).id }, text: text)
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
}

/// What is checked and said before a letter goes, from a text or from a draft.
enum LetterDispatch {
    /// Nine municipalities notice when a letter goes out twice. With a key, the key decides.
    static func checkNew(_ content: LetterContent, key: String?, in view: View) throws {
        let earlier = view.letters.first { letter in
            letter.state.content.document == content.document && letter.state.content.region == content.region
                && letter.state.withdrawn == nil && letter.id != content.supersedes
        }
        guard key == nil, let earlier else { return }
        throw Failure(
            .data, code: "document-published", Texts.publishedBefore,
            ["document": content.document.text, "handle": Handle.text(earlier.id)])
    }

    static func sayAddressed(_ content: LetterContent, _ desk: Desk, _ view: View) {
        let names = content.recipients.map { view.correspondence.directory.name(of: $0.organisation) }
        // Where a mandate is over its successor gets the letter, in that municipality alone.
        let roles = Dictionary(grouping: content.recipients, by: \.role.text)
            .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        desk.output.say(
            Texts.addressed,
            [
                "role": roles.map(\.key).joined(separator: ", "), "count": String(names.count),
                "list": names.joined(separator: ", "),
            ])
    }

    static func sayDue(_ content: LetterContent, _ desk: Desk) {
        guard let due = content.due else { return }
        let values = ["due": due.text, "end": WorkingDays.end(of: due).text]
        if !WorkingDays.contains(due) { desk.output.warn(desk.output.text(Texts.dueNotWorking, values)) }
        if due < desk.deadlines.today { desk.output.warn(desk.output.text(Texts.duePast, values)) }
    }

    /// Publishes, and tells the letter whose place it takes.
    static func publish(
        _ content: LetterContent, key: String?, isDateFilledIn: Bool, warnings: [LetterWarning] = [], _ desk: Desk,
        _ view: View
    ) async throws {
        let intent = Workspace.Intent(
            .letterPublish, .letterPublish(content), key: key, isDateFilledIn: isDateFilledIn)
        guard let older = content.supersedes else {
            try await desk.write(intent, in: view, warnings: warnings)
            return
        }
        let written = try await desk.workspace.write(
            intent,
            followedBy: { newer in
                Workspace.Intent(.letterSupersede, on: .letter(older), .letterSupersede(by: newer), needs: [newer])
            }, in: view)
        desk.output.queued(written, warnings: warnings)
    }
}
