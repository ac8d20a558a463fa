/// Which of the two mailboxes that a client can read is meant. There is no naming of another address's mailbox:
/// the certificate decides whose `own` is.
public enum MailboxName: String, Hashable, Sendable, CaseIterable {
    /// The mailbox of the address that the certificate names.
    case own
    /// Organisations and regions, the same for everybody.
    case directory
}
