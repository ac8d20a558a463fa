/// Everything that some changes add up to: all subjects, and the directory. A client's view is one of these over its
/// replica, with its outbox on top.
public struct Correspondence: World, Equatable, Sendable {
    /// Organisations and regions.
    public private(set) var directory = Directory()
    /// All subjects by name.
    public private(set) var subjects: [SubjectID: Subject] = [:]
    /// Changes that didn't fit the state they met. A replica has none unless its server judges by other rules.
    public private(set) var misfits: [ChangeID] = []
    private var ids: Set<ChangeID> = []

    /// Nothing yet.
    public init() {}

    /// Takes one more change in the order of its mailbox; one that is there already is passed over.
    ///
    /// - Parameter receivedAt: the server's time of receipt; `nil` for one that is still in an outbox.
    public mutating func take(_ change: Change, receivedAt: Timestamp?) {
        guard ids.insert(change.id).inserted else { return }
        if change.subject.isInDirectory { directory.apply(change) }
        var subject = subjects.removeValue(forKey: change.subject) ?? Subject(id: change.subject)
        do throws(Refusal) {
            try subject.apply(change, receivedAt: receivedAt)
        } catch {
            misfits.append(change.id)
        }
        if subject.head != nil { subjects[change.subject] = subject }
    }

    /// The subject's fold, `nil` where there is no change on it.
    public func subject(_ id: SubjectID) -> Subject? { subjects[id] }

    /// Whether the change is there.
    public func contains(_ id: ChangeID) -> Bool { ids.contains(id) }
}
