import COpenSSL
import RegiopostCrypto

/// One TLS connection without a network: ciphertext in, ciphertext out, and events.
///
/// After every call, whatever came of it, take what is in `takeOutput`. After `receive` and `receiveEnd`, call `advance`
/// until it answers `waiting`. The first failure is kept; from then on the engine does nothing. One owner, one thread at a
/// time.
public final class TLSEngine {
    /// What came of advancing.
    public enum Event: Equatable, Sendable {
        /// Nothing more can be done until more arrives.
        case waiting
        /// The peer is who it should be, the protocol is agreed. A client can't know yet whether the server accepts it:
        /// that shows when the server's first bytes arrive.
        case handshakeCompleted(ApplicationProtocol, Certificate?)
        /// So many bytes of plaintext were put into the buffer.
        case plaintext(Int)
        /// The peer has said that it will send nothing more; sending to it is still possible. Told once.
        case peerClosed
        /// The connection is over. Told once.
        case failed(TLSError)
    }

    /// `send` takes at most this many bytes at a time, 48 KiB: what comes of it fits into 64 KiB.
    public static let maximumPiece = 3 << 14
    // An idle connection keeps no more than this of what its buffers had grown to.
    private static let keptBytes = 24 << 10

    private enum State {
        /// → open, failed.
        case handshaking
        /// → failed.
        case open
        /// The end.
        case failed
    }

    private let ssl: OpaquePointer
    // Both belong to `ssl`.
    private let input: OpaquePointer
    private let output: OpaquePointer
    private let context: TLSContext
    private var state = State.handshaking
    private var isInputClosed = false
    private var isOutputClosed = false

    /// Why the connection is over, if it failed: the first cause.
    public private(set) var failure: TLSError?

    /// A server's side of a connection.
    public convenience init(server context: TLSContext) throws(TLSError) {
        guard case .server = context.role else {
            throw TLSError(.configuration, "A server needs a server's context.")
        }
        try self.init(context)
        SSL_set_accept_state(ssl)
    }

    /// A client's side of a connection to `serverName`, a DNS name or an IP address, which the server's certificate must
    /// carry.
    public convenience init(client context: TLSContext, serverName: String) throws(TLSError) {
        guard case .client = context.role else {
            throw TLSError(.configuration, "A client needs a client's context.")
        }
        try self.init(context)
        SSL_set_connect_state(ssl)
        try expect(serverName)
    }

    private init(_ context: TLSContext) throws(TLSError) {
        guard let ssl = SSL_new(context.pointer) else { throw TLSError(.configuration, "Out of memory for TLS.") }
        guard let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem()) else {
            SSL_free(ssl)
            throw TLSError(.configuration, "Out of memory for TLS.")
        }
        SSL_set_bio(ssl, input, output)
        self.ssl = ssl
        self.input = input
        self.output = output
        self.context = context
    }

    deinit {
        SSL_free(ssl)
    }

    private func expect(_ name: String) throws(TLSError) {
        // An empty name would switch the check off, and C would read only up to a NUL.
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TLSError(.configuration, "A server's name must be a DNS name or an IP address.")
        }
        let parameters = SSL_get0_param(ssl)
        if X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return }
        ERR_clear_error()
        X509_VERIFY_PARAM_set_hostflags(
            parameters, UInt32(X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        guard X509_VERIFY_PARAM_set1_host(parameters, name, name.utf8.count) == 1,
            COpenSSL_set_server_name(ssl, name) == 1
        else { throw TLSError(.configuration, "A server's name must be a DNS name or an IP address.") }
    }

    /// Takes in ciphertext. What arrives after the peer's close or a failure is dropped.
    public func receive(_ bytes: UnsafeRawBufferPointer) {
        guard state != .failed, !isInputClosed, let start = bytes.baseAddress else { return }
        guard !bytes.isEmpty else { return }
        let taken = BIO_write(input, start, Int32(bytes.count))
        precondition(taken == bytes.count, "out of memory for TLS")
    }

    /// Takes in that no more ciphertext will come. Without the peer's close before it, that is a truncation.
    public func receiveEnd() {
        COpenSSL_set_mem_eof_return(input, 0)
    }

    /// Does the next thing that can be done; plaintext goes into `buffer`, which must not be empty.
    public func advance(into buffer: UnsafeMutableRawBufferPointer) -> Event {
        switch state {
        case .handshaking: return advanceHandshake()
        case .open: return isInputClosed ? .waiting : read(into: buffer)
        case .failed: return .waiting
        }
    }

    private func advanceHandshake() -> Event {
        let outcome = COpenSSL_do_handshake(ssl)
        if outcome.result == 1 {
            do throws(TLSError) {
                let event = try completeHandshake()
                state = .open
                // Few lines are as long as what the handshake took.
                COpenSSL_trim(input, 0)
                COpenSSL_trim(output, 0)
                return event
            } catch {
                return .failed(fail(error))
            }
        }
        if outcome.error == SSL_ERROR_WANT_READ { return .waiting }
        return .failed(fail(outcome))
    }

    /// Looks again at what the handshake agreed: without ALPN, OpenSSL asks nobody.
    private func completeHandshake() throws(TLSError) -> Event {
        guard let name = agreedProtocol() else { throw .wrongProtocol }
        let isServer: Bool
        switch context.role {
        case .server:
            isServer = true
            if name == .enrolment { return .handshakeCompleted(name, nil) }
        case .client(let wanted):
            isServer = false
            guard name == wanted else { throw .wrongProtocol }
        }
        guard let pointer = SSL_get1_peer_certificate(ssl) else {
            throw TLSError(.noCertificate, "The other side sent no certificate.")
        }
        defer { X509_free(pointer) }
        let verdict = SSL_get_verify_result(ssl)
        guard verdict == Int(X509_V_OK) else { throw .fromVerdict(verdict) }
        let certificate: Certificate
        do throws(CryptoError) {
            certificate = try Certificate(reading: pointer)
        } catch {
            throw TLSError(.untrustedCertificate, "The other side's certificate is not trusted: \(error.message).")
        }
        guard isServer ? certificate.isForClients : certificate.isForServers else {
            throw TLSError(.untrustedCertificate, "The other side's certificate is for another use.")
        }
        return .handshakeCompleted(name, certificate)
    }

    private func agreedProtocol() -> ApplicationProtocol? {
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &start, &count)
        let bytes = UnsafeBufferPointer(start: start, count: Int(count))
        return ApplicationProtocol(rawValue: String(decoding: bytes, as: UTF8.self))
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Event {
        precondition(!buffer.isEmpty, "nowhere to put plaintext")
        let outcome = COpenSSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
        if outcome.result > 0 { return .plaintext(Int(outcome.result)) }
        switch outcome.error {
        case SSL_ERROR_WANT_READ:
            COpenSSL_trim(input, Self.keptBytes)
            return .waiting
        case SSL_ERROR_ZERO_RETURN:
            isInputClosed = true
            return .peerClosed
        default: return .failed(fail(outcome))
        }
    }

    /// Encrypts the first `maximumPiece` of `bytes` and answers how many it took. Take the output before the next piece.
    /// Throws `notOpen` before the handshake is done and after `closeOutput`.
    public func send(_ bytes: UnsafeRawBufferPointer) throws(TLSError) -> Int {
        if let failure { throw failure }
        guard state == .open, !isOutputClosed else {
            throw TLSError(.notOpen, "Nothing can be sent on this connection now.")
        }
        let count = min(bytes.count, Self.maximumPiece)
        guard count > 0 else { return 0 }
        let outcome = COpenSSL_write(ssl, bytes.baseAddress, Int32(count))
        guard outcome.result > 0 else { throw fail(outcome) }
        return Int(outcome.result)
    }

    /// Tells the peer that nothing more will be sent (close_notify). Receiving goes on. Without effect before the handshake
    /// is done, after a failure, and when repeated.
    public func closeOutput() {
        guard state == .open, !isOutputClosed else { return }
        isOutputClosed = true
        let outcome = COpenSSL_shutdown(ssl)
        // -1 with WANT_READ: ours is sent, the peer's not here yet.
        if outcome.result < 0, outcome.error != SSL_ERROR_WANT_READ { fail(outcome) }
    }

    /// How many bytes of ciphertext wait to be taken.
    public var pendingOutput: Int { BIO_ctrl_pending(output) }

    /// Moves ciphertext into `buffer` and answers how many bytes; 0 when there is none left.
    public func takeOutput(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard pendingOutput > 0 else { return 0 }
        return max(0, Int(BIO_read(output, buffer.baseAddress, Int32(clamping: buffer.count))))
    }

    /// Gives memory back that much output took. Call it when all of it was taken: not after each piece, or the next would have
    /// to get it anew.
    public func outputTaken() { COpenSSL_trim(output, Self.keptBytes) }

    @discardableResult
    private func fail(_ outcome: COpenSSL_outcome) -> TLSError {
        guard outcome.reason != 0 else {
            return fail(
                TLSError(.truncated, "The connection ended in the middle; what came last may be incomplete."))
        }
        return fail(.from(reason: outcome.reason, verdict: SSL_get_verify_result(ssl)))
    }

    @discardableResult
    private func fail(_ error: TLSError) -> TLSError {
        state = .failed
        let first = failure ?? error
        failure = first
        return first
    }
}
