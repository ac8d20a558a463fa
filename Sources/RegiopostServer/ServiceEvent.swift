import RegiopostModel

/// What happens on a server, for its own log: who did what to what, from where, and what came of it. Never a secret, and
/// nothing of what letters say.
public enum ServiceEvent: Equatable, Sendable {
    /// A connection wasn't let in.
    case connectionRefused(origin: String, reason: String)
    /// A client may make requests.
    case sessionBegan(Address, serial: String, origin: String)
    /// Its connection is gone.
    case sessionEnded(Address, serial: String, origin: String)
    /// A certificate was asked for; without a refusal it was given.
    case enrolment(Address, origin: String, refusal: RefusalCode?)
    /// A change wasn't taken.
    case changeRefused(Address, origin: String, code: RefusalCode)
}
