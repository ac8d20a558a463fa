/// A response of several organisations together: the fold of its changes.
public struct JointState: Equatable, Sendable {
    /// One version of it.
    public typealias Version = ResponseHistory<JointContent>.Version

    /// Its versions.
    public internal(set) var history: ResponseHistory<JointContent>

    /// How far the newest version is: the same steps as for one organisation's response.
    public var status: ResponseState.Status { history.status }
    /// The newest version.
    public var current: Version { history.current }

    init(first: Version) { history = ResponseHistory(first: first) }

    /// Whether it counts as that organisation's answer: it signed, and nobody took the response back.
    public func answers(for organisation: OrganisationCode) -> Bool {
        if case .withdrawn = status { return false }
        return current.content.standing.isSigned(by: organisation)
    }
}
