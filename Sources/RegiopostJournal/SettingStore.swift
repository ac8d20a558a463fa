/// A few small values that a server keeps beside its journal, durably, by name.
///
/// One whose name has a slash is of one epoch, such as how far a mailbox was looked through, and gone with it.
///
/// Throws as `Journal` does; a failed write stops the journal beside it too.
public protocol SettingStore: Sendable {
    /// The value of that name, or `nil`.
    func setting(_ name: String) async throws(JournalError) -> [UInt8]?

    /// Keeps a value, or with `nil` forgets it.
    func set(_ name: String, to value: [UInt8]?) async throws(JournalError)
}
