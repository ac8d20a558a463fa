import RegiopostJournal

/// What one back end keeps: the journal with its settings, and enrolments.
public struct Storage: Sendable {
    /// The journal, and the settings beside it.
    public let journal: any Journal & SettingStore
    /// Invitations and certificates.
    public let enrolment: any EnrolmentStore
    /// What the back end says about its own files, if it can.
    public let inspection: (any JournalInspection)?
    /// What opening it did that the operator should know.
    public let notices: [JournalNotice]

    /// Puts all together.
    public init(
        journal: any Journal & SettingStore, enrolment: any EnrolmentStore,
        inspection: (any JournalInspection)? = nil, notices: [JournalNotice] = []
    ) {
        self.journal = journal
        self.enrolment = enrolment
        self.inspection = inspection
        self.notices = notices
    }
}

/// How a journal comes to be in a data folder. The program chooses one.
public struct JournalBackEnd: Sendable {
    /// Makes a journal of that epoch at a path where nothing is.
    public let create: @Sendable (_ path: String, _ epoch: String) async throws(JournalError) -> Storage
    /// Opens the journal at a path; one that was restored there begins a new epoch.
    public let open: @Sendable (_ path: String, _ newEpoch: String?) async throws(JournalError) -> Storage
    /// Takes away what an interrupted `create` may have left at a path.
    public let discard: @Sendable (_ path: String) throws(JournalError) -> Void

    /// Makes a back end.
    public init(
        create: @escaping @Sendable (String, String) async throws(JournalError) -> Storage,
        open: @escaping @Sendable (String, String?) async throws(JournalError) -> Storage,
        discard: @escaping @Sendable (String) throws(JournalError) -> Void
    ) {
        self.create = create
        self.open = open
        self.discard = discard
    }
}
