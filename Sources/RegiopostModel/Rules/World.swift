/// What a change is judged against: committed and pending state alike, on the server and in a client.
public protocol World {
    /// Organisations and regions.
    var directory: Directory { get }
    /// The subject's fold, `nil` where there is no change on it.
    func subject(_ id: SubjectID) -> Subject?
    /// Where the change stands that the one to be judged names, `nil` where it isn't there for its author.
    func origin(of id: ChangeID) -> ChangeOrigin?
}

/// What a change is about, and whose it is.
public struct ChangeOrigin: Equatable, Sendable {
    /// What it is about.
    public let subject: SubjectID
    /// Who wrote it; `nil` for nobody's.
    public let author: Address?

    /// Makes an origin.
    public init(subject: SubjectID, author: Address?) {
        self.subject = subject
        self.author = author
    }
}
