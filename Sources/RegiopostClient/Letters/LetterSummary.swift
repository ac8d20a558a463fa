import RegiopostModel

/// What lists show of a letter and of how far it got with whom. It is made of the fold and of nothing else, and small: so it
/// can be kept for each letter, and a list needn't fold.
public struct LetterSummary: Equatable, Sendable {
    /// How far an answer is.
    public enum Step: UInt8, Sendable {
        case submitted, acknowledged, withdrawn

        init(_ status: ResponseState.Status) {
            self =
                switch status {
                case .submitted: .submitted
                case .acknowledged: .acknowledged
                case .withdrawn: .withdrawn
                }
        }

        /// The stable name for machines.
        public var name: String {
            switch self {
            case .submitted: "submitted"
            case .acknowledged: "acknowledged"
            case .withdrawn: "withdrawn"
            }
        }
    }

    /// An organisation that the letter is addressed to.
    public struct Party: Equatable, Sendable {
        /// Which.
        public let organisation: OrganisationCode
        /// How far its own response is, one that was taken back too.
        public let response: Step?
        /// Whether the server has that response.
        public let isResponseReceived: Bool
        /// The dossier that its response cites, as written.
        public let responseDossier: String?
        /// How far the joint response is that it signed and that stands.
        public let joint: Step?
        /// When its answer is due.
        public let deadline: Deadline
        /// How often it was reminded.
        public let reminders: Int
        /// The last reminder.
        public let lastReminder: TermState.Reminder?

        /// How far its answer is: its own, else a joint one. One that was taken back is none.
        public var answer: Step? { response == .withdrawn ? joint : response ?? joint }
    }

    /// The letter.
    public let id: ChangeID
    /// Who published it.
    public let sender: Address
    /// Whether the server has it.
    public let isPublished: Bool
    /// The number of its dossier, as written.
    public let dossier: String
    /// Its own number, as written.
    public let document: String
    /// The date of dispatch.
    public let date: CalendarDate
    /// The subject line.
    public let title: String
    /// The region it was sent to.
    public let region: String
    /// Whom it is addressed to, as written.
    public let recipients: [String]
    /// Who gets a copy, as written.
    public let copies: [String]
    /// How many attachments it names.
    public let attachments: Int
    /// The attachments that it cites.
    public let files: [FileReference]
    /// When the sender would like an answer at the latest.
    public let due: CalendarDate?
    /// How far it may be known; `nil` where it says nothing.
    public let confidentiality: Confidentiality?
    /// The earlier letter whose place it takes.
    public let supersedes: ChangeID?
    /// The newer letter that takes its place.
    public let supersededBy: ChangeID?
    /// Why it was taken back, if it was.
    public let withdrawn: String?
    /// How many of those it is addressed to have it.
    public let delivered: Int
    /// How many of those opened it.
    public let opened: Int
    /// Everybody who opened it, those with a copy too, as written.
    public let openers: [String]
    /// The organisations it is addressed to, in the order of their codes.
    public let parties: [Party]
    /// The drafts that it and the responses to it were sent from.
    public let drafts: [ChangeID]

    /// Whether an address opened it.
    public func isOpened(by address: Address) -> Bool { !openers.isEmpty && openers.contains(address.text) }

    /// The organisation, where the letter is addressed to it.
    public func party(_ organisation: OrganisationCode) -> Party? {
        parties.first { $0.organisation == organisation }
    }

    /// Those that an address answers for, its own organisation before those that were merged into it.
    public func answering(_ address: Address, in directory: Directory) -> [Party] {
        let own = address.organisation
        return ([own] + directory.predecessors(of: own)).compactMap(party)
    }

    /// Those whose answer an address waits for or gives: its own side's, for the province all.
    public func asked(by address: Address, in directory: Directory) -> [Party] {
        address.organisation.kind == .province ? parties : answering(address, in: directory)
    }

    /// The newest first. Sorts by the little that decides, since summaries are large to move.
    public static func newestFirst(_ letters: [LetterSummary]) -> [LetterSummary] {
        let keys = letters.enumerated().map { (day: $1.date.daysSince1970, id: $1.id.words, index: $0) }
        return keys.sorted { ($0.day, $0.id.0, $0.id.1) > ($1.day, $1.id.0, $1.id.1) }.map { letters[$0.index] }
    }
}
