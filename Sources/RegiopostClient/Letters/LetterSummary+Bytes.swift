import RegiopostModel

/// How a summary is kept. Nobody but this program reads it, and it can be made again from the lines at any time: so it is
/// written to be read fast, and a `version` that differs has all of them made anew.
extension LetterSummary {
    /// Goes up with every difference in what a summary says, how it is folded or how it is written.
    public static let version = 3

    /// The bytes aren't what this version wrote.
    public struct Damaged: Error {}

    /// The summary as it is kept.
    public var bytes: [UInt8] {
        var out = SummaryWriter()
        out.put(id)
        out.put(sender.text)
        out.put(isPublished ? 1 : 0)
        out.put(dossier)
        out.put(document)
        out.put(date)
        out.put(title)
        out.put(region)
        out.put(recipients) { $0.put($1) }
        out.put(copies) { $0.put($1) }
        out.put(attachments)
        out.put(files) { out, file in
            out.put(file.name)
            out.put(file.media)
            out.put(file.size)
            out.put(file.digest.text)
        }
        out.put(optional: due) { $0.put($1) }
        out.put(optional: confidentiality) { $0.put($1.rawValue) }
        out.put(optional: supersedes) { $0.put($1) }
        out.put(optional: supersededBy) { $0.put($1) }
        out.put(optional: withdrawn) { $0.put($1) }
        out.put(delivered)
        out.put(opened)
        out.put(openers) { $0.put($1) }
        out.put(parties) { out, party in
            out.put(party.organisation.text)
            out.put(optional: party.response) { $0.put(Int($1.rawValue)) }
            out.put(party.isResponseReceived ? 1 : 0)
            // It is nearly always the letter's, which needn't be read again for each.
            out.put(party.responseDossier == dossier ? 2 : party.responseDossier == nil ? 0 : 1)
            if let other = party.responseDossier, other != dossier { out.put(other) }
            out.put(optional: party.joint) { $0.put(Int($1.rawValue)) }
            switch party.deadline {
            case .none: out.put(0)
            case .due(let date):
                out.put(1)
                out.put(date)
            case .suspended(let date):
                out.put(2)
                out.put(date)
            }
            out.put(party.reminders)
            out.put(optional: party.lastReminder) { out, reminder in
                out.put(reminder.author.text)
                out.put(optional: reminder.note) { $0.put($1) }
                out.put(optional: reminder.receivedAt) { $0.put(Int($1.milliseconds)) }
            }
        }
        out.put(drafts) { $0.put($1) }
        return out.bytes
    }

    /// Reads what `bytes` gave.
    ///
    /// - Throws: `Damaged` for anything else.
    public init(bytes: UnsafeRawBufferPointer) throws {
        var read = SummaryReader(bytes)
        id = try read.id()
        sender = try read.some(Address(try read.text()))
        isPublished = try read.number() == 1
        dossier = try read.text()
        document = try read.text()
        date = try read.date()
        title = try read.text()
        region = try read.text()
        recipients = try read.list { try $0.text() }
        copies = try read.list { try $0.text() }
        attachments = try read.number()
        files = try read.list { read in
            let (name, media, size) = (try read.text(), try read.text(), try read.number())
            let digest = try read.some(Digest(try read.text()))
            return try read.some(FileReference(name: name, media: media, size: size, digest: digest))
        }
        due = try read.optional { try $0.date() }
        confidentiality = try read.optional { try $0.some(Confidentiality(rawValue: try $0.text())) }
        supersedes = try read.optional { try $0.id() }
        supersededBy = try read.optional { try $0.id() }
        withdrawn = try read.optional { try $0.text() }
        delivered = try read.number()
        opened = try read.number()
        openers = try read.list { try $0.text() }
        parties = try read.list { [dossier] in try Party(&$0, dossier: dossier) }
        drafts = try read.list { try $0.id() }
    }
}

extension LetterSummary.Party {
    fileprivate init(_ read: inout SummaryReader, dossier: String) throws {
        organisation = try read.some(OrganisationCode(try read.text()))
        response = try read.optional { try $0.step() }
        isResponseReceived = try read.number() == 1
        switch try read.number() {
        case 0: responseDossier = nil
        case 1: responseDossier = try read.text()
        case 2: responseDossier = dossier
        default: throw LetterSummary.Damaged()
        }
        joint = try read.optional { try $0.step() }
        switch try read.number() {
        case 0: deadline = .none
        case 1: deadline = .due(try read.date())
        case 2: deadline = .suspended(since: try read.date())
        default: throw LetterSummary.Damaged()
        }
        reminders = try read.number()
        lastReminder = try read.optional { read in
            TermState.Reminder(
                author: try read.some(Address(try read.text())), note: try read.optional { try $0.text() },
                receivedAt: try read.optional { Timestamp(milliseconds: Int64(try $0.number())) })
        }
    }
}

extension SummaryReader {
    fileprivate mutating func step() throws -> LetterSummary.Step {
        try some(LetterSummary.Step(rawValue: UInt8(truncatingIfNeeded: try number())))
    }
}
