/// Whether what a change says fits the letter it is about and the directory.
enum Consistency {
    /// - Parameters:
    ///   - state: the subject before the change, `nil` for a new one.
    ///   - today: the Dutch day on which the change came, or was made where it hasn't come yet.
    static func check(
        _ change: Change, on state: Subject.State?, cited: Cited, directory: Directory, today: CalendarDate
    ) throws(Refusal) {
        try cleared(change)
        let letter = cited.letter
        switch change.body {
        case .letterPublish(let content):
            try publish(content, by: change.author, cited.otherLetter, directory)
            try DraftConsistency.publish(content, cited.draft)
        case .letterSupersede: try supersede(change, by: cited.otherLetter)
        case .draftSave(let content): try draft(content, change, state, cited, directory)
        case .jointSubmit(let content): try DraftConsistency.join(content, by: change.author, cited)
        case .receiptDelivered(let route), .receiptOpened(let route): try receipt(route, change.subject, letter)
        case .responseSubmit(let content): try response(content, change.subject, cited)
        case .meetingRequest(let content): try request(content, by: change.author, letter, directory, today)
        case .term(let step): try TermConsistency.check(step, change, on: state, letter)
        default: try DirectoryConsistency.check(change, directory)
        }
    }

    /// Whoever is named as a reader, and the author, may read what the change says. Roles that come along with them and
    /// aren't cleared just don't see it.
    private static func cleared(_ change: Change) throws(Refusal) {
        let level: Confidentiality?
        let readers: [Address]
        switch change.body {
        case .letterPublish(let content):
            (level, readers) = (content.confidentiality, content.recipients + content.copies)
        case .responseSubmit(let content): (level, readers) = (content.confidentiality, [])
        case .jointSubmit(let content): (level, readers) = (content.answer.confidentiality, [])
        case .draftSave(let content): (level, readers) = (content.confidentiality, [])
        case .meetingRequest(let content): (level, readers) = (content.confidentiality, [])
        default: return
        }
        try cleared([change.author] + readers, for: level ?? .standard)
    }

    /// Refuses with `not-cleared` where one of the addresses may not read what is of that level.
    static func cleared(_ addresses: [Address], for level: Confidentiality) throws(Refusal) {
        for address in addresses where address.role.clearance < level {
            throw Refusal(
                .notCleared,
                [
                    "address": address.text, "level": level.rawValue, "clearance": address.role.clearance.rawValue,
                ])
        }
    }

    private static func draft(
        _ content: DraftContent, _ change: Change, _ state: Subject.State?, _ cited: Cited, _ directory: Directory
    ) throws(Refusal) {
        if case .letter(let drafted) = content.matter {
            try publish(drafted, by: change.author, cited.otherLetter, directory, path: "body.content")
        }
        var known: DraftState?
        if case .draft(let draft) = state { known = draft }
        try DraftConsistency.save(content, by: change.author, cited, known)
    }

    /// Both letters are the author's, and the newer one says that it takes the place of the older.
    private static func supersede(_ change: Change, by newer: LetterState?) throws(Refusal) {
        guard let newer, case .letter(let older) = change.subject else { return }
        guard newer.sender == change.author, newer.content.supersedes == older else {
            throw Refusal(
                .badField, ["field": "body.by", "expected": "a letter of yours that takes this one's place"])
        }
    }

    private static func publish(
        _ content: LetterContent, by author: Address, _ older: LetterState?, _ directory: Directory,
        path: String = "body"
    ) throws(Refusal) {
        if let older, older.sender != author || older.withdrawn != nil || older.supersededBy != nil {
            let expected = "a letter of yours that is neither withdrawn nor superseded"
            throw Refusal(.badField, ["field": path + ".supersedes", "expected": expected])
        }
        guard let region = directory.regions[content.region], region.province == author.organisation else {
            throw Refusal(.unknownRegion, ["region": content.region])
        }
        // A letter may name attachments that stay on paper; those that come along are all of them.
        guard content.files.isEmpty || content.files.count == content.attachments else {
            throw Refusal(
                .badField,
                ["field": path + ".attachments", "expected": "\(content.files.count), the number of files"])
        }
        let addressed = content.recipients + content.copies
        guard Set(addressed).count == addressed.count else {
            throw Refusal(.badField, ["field": path + ".recipients", "expected": "each address once"])
        }
        for address in addressed {
            guard let organisation = directory.organisations[address.organisation] else {
                throw Refusal(.unknownOrganisation, ["organisation": address.organisation.text])
            }
            if let refusal = directory.refusal(of: address) {
                // A letter may wait for somebody whose mandate begins later.
                guard refusal.code == .mandateNotStarted else { throw refusal }
            }
            guard organisation.region(on: content.date) == content.region else {
                throw Refusal(
                    .badField,
                    [
                        "field": path + ".recipients", "expected": "addresses in \(content.region)",
                        "found": address.text,
                    ])
            }
        }
    }

    private static func receipt(_ route: Route, _ subject: SubjectID, _ letter: LetterState?) throws(Refusal) {
        guard let letter, case .receipt(_, let address) = subject else { return }
        try same(route, as: letter)
        guard (letter.content.recipients + letter.content.copies).contains(address) else {
            throw Refusal(.notAddressed, ["organisation": address.organisation.text])
        }
    }

    private static func response(
        _ content: ResponseContent, _ subject: SubjectID, _ cited: Cited
    ) throws(Refusal) {
        guard let letter = cited.letter, case .response(let id, let organisation) = subject else { return }
        guard letter.content.recipients.contains(where: { $0.organisation == organisation }) else {
            throw Refusal(.notAddressed, ["organisation": organisation.text])
        }
        if let reason = letter.withdrawn { throw Refusal(.letterWithdrawn, ["reason": reason]) }
        try content.answer.check(against: letter, path: "body")
        try same(content.route, as: letter)
        guard content.roles == letter.content.roles(at: organisation) else {
            throw Refusal(.badField, ["field": "body.roles", "expected": "the roles that the letter was sent to"])
        }
        try DraftConsistency.respond(content, to: id, by: organisation, cited.draft)
    }

    private static func request(
        _ content: MeetingContent, by author: Address, _ letter: LetterState?, _ directory: Directory,
        _ today: CalendarDate
    ) throws(Refusal) {
        guard let region = directory.regions[content.region], region.accounthouder == content.accounthouder else {
            throw Refusal(.unknownRegion, ["region": content.region])
        }
        guard directory.region(of: author.organisation, on: today)?.name == content.region else {
            throw Refusal(
                .badField,
                ["field": "body.accounthouder", "expected": "the account holder of your own region"])
        }
        guard Set(content.invited + [author.organisation]).count == content.invited.count + 1,
            content.invited.allSatisfy({ $0.kind == .municipality })
        else {
            throw Refusal(.badField, ["field": "body.invited", "expected": "other municipalities, each once"])
        }
        for code in content.invited {
            guard directory.organisations[code] != nil else {
                throw Refusal(.unknownOrganisation, ["organisation": code.text])
            }
            if let refusal = directory.abolished(code) { throw refusal }
        }
        if let letter, let dossier = content.dossier, dossier != letter.content.dossier {
            throw Refusal(.dossierMismatch, ["expected": letter.content.dossier.text, "found": dossier.text])
        }
    }

    static func same(_ route: Route, as letter: LetterState) throws(Refusal) {
        guard route == letter.route else {
            throw Refusal(.badField, ["field": "body.sender", "expected": "sender and region of the letter"])
        }
    }

}
