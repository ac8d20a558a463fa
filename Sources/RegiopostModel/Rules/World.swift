/// What a change is judged against: committed and pending state alike, on the server and in a client.
public protocol World {
    /// Organisations and regions.
    var directory: Directory { get }
    /// The subject's fold, `nil` where there is no change on it.
    func subject(_ id: SubjectID) -> Subject?
    /// Whether the change is there.
    func contains(_ id: ChangeID) -> Bool
}
