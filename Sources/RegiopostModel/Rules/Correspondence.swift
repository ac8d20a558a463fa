/// Everything that some changes add up to: all subjects, and the directory. A client's view is one of these over its
/// replica, with its outbox on top.
public struct Correspondence: World, Equatable, Sendable {
    /// Organisations and regions.
    public private(set) var directory = Directory()
    /// All subjects by name.
    public private(set) var subjects: [SubjectID: Subject] = [:]
    /// Changes that didn't fit the state they met. A replica has none unless its server judges by other rules.
    public private(set) var misfits: [ChangeID] = []
    private var origins: [ChangeID: ChangeOrigin] = [:]

    /// Nothing yet.
    public init() {}

    /// Takes one more change in the order of its mailbox; one that is there already is passed over.
    ///
    /// - Parameters:
    ///   - digest: the SHA-256 of its line; needed where its type `isCitedByDigest`.
    ///   - receivedAt: the server's time of receipt; `nil` for one that is still in an outbox.
    public mutating func take(_ change: Change, digest: Digest? = nil, receivedAt: Timestamp?) {
        guard origins[change.id] == nil else { return }
        origins[change.id] = ChangeOrigin(subject: change.subject, author: change.author)
        if change.subject.isInDirectory { directory.apply(change) }
        var subject = subjects.removeValue(forKey: change.subject) ?? Subject(id: change.subject)
        do throws(Refusal) {
            try subject.apply(change, digest: digest, receivedAt: receivedAt)
        } catch {
            misfits.append(change.id)
        }
        if subject.head != nil { subjects[change.subject] = subject }
    }

    /// The subject's fold, `nil` where there is no change on it.
    public func subject(_ id: SubjectID) -> Subject? { subjects[id] }

    /// Where a change stands, `nil` where it isn't there.
    public func origin(of id: ChangeID) -> ChangeOrigin? { origins[id] }
}
