import RegiopostModel

/// The ordered, durable record of every change, and the mailboxes it is delivered to.
///
/// The rules every back end keeps, and the contract suite checks:
/// - Positions in a mailbox are 1, 2, 3 … without holes, given out in commit order.
/// - A mailbox holds a change at most once, and always a prefix of a subject. Who newly enters an audience gets the
///   subject's whole past before the new change, in the same transaction; who left gets no more; who comes back gets
///   first what was missed.
/// - A fill gives a mailbox all that another holds and it doesn't, subject by subject a prefix, in the other's order. It
///   is then in the audience of what the other is in the audience of. What the other holds stays as it is. Which fills a
///   change causes follows from its line and the directory before it, so that the mailboxes follow from the lines.
/// - Records are never altered, and their bytes are the author's.
/// - Once a write failed, every later one throws `stopped` until the journal is opened again, because nobody knows
///   what reached the disk. Reading may go on.
/// - A cancelled caller does not undo a write under way.
///
/// Every method throws `closed` after `close`, and `ioFailed` or `corrupt` where the storage fails.
public protocol Journal: Sendable {
    /// Names this history at random. A restore from backup begins a new epoch, so that old cursors show.
    var epoch: String { get }

    /// Writes what fits, in the order given, in one durable transaction, and answers each proposal.
    ///
    /// Later proposals see the earlier ones. The id is looked up first, then the subject's head compared, then those of
    /// the other subjects that the check rested on, then the directory's. Costs by proposal and mailbox, by what a mailbox newly entering has to catch up on, and for a
    /// fill by what the mailbox that it is taken from holds; never by what is stored.
    ///
    /// Throws where nothing may be acknowledged: then the proposals may or may not be there after opening again, and
    /// the same ids find out.
    func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome]

    /// The receipt given to that change, or `nil`. O(log n).
    func receipt(of id: ChangeID) async throws(JournalError) -> StoredReceipt?

    /// The mailbox's entries after a position, as many as the limit allows, and at least one where there is one.
    func page(
        of mailbox: Mailbox, after position: Int, limit: PageLimit
    ) async throws(JournalError) -> MailboxPage

    /// Where the mailbox ends. O(log n).
    func head(of mailbox: Mailbox) async throws(JournalError) -> MailboxHead

    /// What `page` would answer, where that is in memory; `nil` where it has to be read, or can't be. Waits for nobody, so that an
    /// event loop may ask. Costs by its entries.
    func pageAtHand(of mailbox: Mailbox, after position: Int, limit: PageLimit) -> MailboxPage?

    /// What `head` would answer, where that is in memory, as `pageAtHand`. O(1).
    func headAtHand(of mailbox: Mailbox) -> MailboxHead?

    /// The digest of the change at a position, for checking a cursor; `nil` where there is none. O(log n).
    func digest(in mailbox: Mailbox, at position: Int) async throws(JournalError) -> Digest?

    /// All changes of a subject in order; none where it does not exist. Costs by their number.
    func changes(of subject: SubjectID) async throws(JournalError) -> [StoredChange]

    /// The subject's audience since its last change; empty where it does not exist.
    func mailboxes(of subject: SubjectID) async throws(JournalError) -> Set<Mailbox>

    /// The subjects with a change that cites a file of that digest, by name. What they are about, and who may see them, is for
    /// the caller to ask. Costs by their number.
    func subjects(citing file: Digest) async throws(JournalError) -> [SubjectID]

    /// Lets what is under way finish and gives everything back. Closing twice is fine.
    func close() async throws(JournalError)
}

extension Journal {
    /// Nothing is at hand.
    public func pageAtHand(of mailbox: Mailbox, after position: Int, limit: PageLimit) -> MailboxPage? { nil }

    /// Nothing is at hand.
    public func headAtHand(of mailbox: Mailbox) -> MailboxHead? { nil }
}
