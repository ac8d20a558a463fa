import RegiopostModel

/// Something that waits for somebody.
public struct WorkItem: Equatable, Sendable {
    /// What is to be done. The raw values are stable.
    public enum Task: String, Sendable, CaseIterable {
        /// A letter waits for an organisation's answer.
        case answer
        /// An answer waits until the province says that it has read it.
        case acknowledge
        /// A request for a meeting waits for the province's slot, or for it to be fixed.
        case schedule
        /// A slot that the province proposed, or fixed unasked, waits for the requester.
        case reply
        /// A meeting waits for its day and its minutes.
        case hold
        /// A draft waits for a signature.
        case sign
        /// An agreement waits for its owner.
        case fulfil
        /// An invitation to take part waits for an organisation.
        case join
    }

    /// What is to be done.
    public let task: Task
    /// What it is about.
    public let subject: SubjectID
    /// The organisation whose matter it is: the municipality, for an agreement its owner.
    public let organisation: OrganisationCode
    /// The letter's title, or what was agreed; `nil` where there is neither.
    public let title: String?
    /// The dossier it belongs to, if any.
    public let dossier: DossierNumber?
    /// Who may do it, any of them.
    public private(set) var waitsFor: [Address]
    /// When it is due.
    public let deadline: Deadline
    /// How often the sender's side reminded.
    public let reminders: Int
    /// The last reminder.
    public let lastReminder: TermState.Reminder?

    init(
        _ task: Task, _ subject: SubjectID, of organisation: OrganisationCode, title: String?,
        dossier: DossierNumber?, waitsFor: [Address?], deadline: Deadline = .none, reminders: Int = 0,
        lastReminder: TermState.Reminder? = nil
    ) {
        self.task = task
        self.subject = subject
        self.organisation = organisation
        self.title = title
        self.dossier = dossier
        self.waitsFor = waitsFor.compactMap(\.self)
        self.deadline = deadline
        self.reminders = reminders
        self.lastReminder = lastReminder
    }

    /// Whether its day is over.
    public func isOverdue(on today: CalendarDate) -> Bool { deadline.date.map { $0 < today } ?? false }

    /// With those who took over in the place of those who are no longer there.
    func held(in directory: Directory) -> WorkItem {
        var item = self
        var seen: Set<Address> = []
        item.waitsFor = waitsFor.compactMap(directory.holder(of:)).filter { seen.insert($0).inserted }
        return item
    }
}
