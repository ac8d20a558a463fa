import RegiopostModel
import RegiopostTLS
import RegiopostWire

extension ClientError {
    /// What the server answered no to. A code that this version doesn't know is told by its sentence.
    init(_ rejection: Rejection) {
        self.init(rejection.refusal ?? Refusal(.badRequest, ["reason": rejection.text]))
    }

    /// What went wrong with TLS, as far as its user can act on it.
    init(_ error: TLSError, server: String) {
        let code: Code =
            switch error.code {
            case .untrustedCertificate, .certificateNotValidNow, .nameMismatch, .pinMismatch, .notTLS,
                .wrongProtocol,
                .incompatible, .protocolViolation:
                .wrongServer
            case .noCertificate, .alert: .notAccepted
            case .truncated, .handshakeDeadline, .tooMuchBeforeHandshake, .notOpen: .interrupted
            case .configuration: .storeCorrupt
            }
        self.init(code, ["server": server, "reason": error.message, "cause": error.code.rawValue])
    }

    /// Why a conversation is over.
    init(_ end: ClientSession.End, server: String) {
        switch end {
        case .quit: self.init(.interrupted, ["server": server, "reason": "closed"])
        case .bye(let code, let text):
            let isShutOut = [.revoked, .certificateExpired].contains(RefusalCode(rawValue: code))
            self.init(
                isShutOut ? .notAccepted : .interrupted, ["server": server, "cause": code, "reason": text])
        case .closed: self.init(.interrupted, ["server": server, "reason": "the server closed the connection"])
        case .cutOff: self.init(.interrupted, ["server": server, "reason": "cut off in the middle of a line"])
        case .timedOut: self.init(.interrupted, ["server": server, "reason": "the server took too long"])
        case .notRegiopost: self.init(.protocolBroken, ["server": server, "reason": "no greeting of Regiopost"])
        case .violation(let part): self.init(.protocolBroken, ["server": server, "reason": part])
        }
    }
}
