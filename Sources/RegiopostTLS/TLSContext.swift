import COpenSSL
import RegiopostCrypto

/// What all connections of one kind share: certificates, trust, and the little of TLS that Regiopost allows.
///
/// TLS 1.3 only (RFC 8446), two cipher suites, three groups; no tickets, no resumption, no early data, no compression. Keys
/// must be worth 128 bits: P-256, RSA 3072 or better.
public final class TLSContext: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: the SSL_CTX is set up in `init` and never changed afterwards; what OpenSSL does
    // with it for each connection is counted and locked by OpenSSL.

    /// Which side of which protocol a context is for.
    enum Role: Sendable {
        case server
        case client(ApplicationProtocol)
    }

    let pointer: OpaquePointer
    let role: Role
    /// Lent to the callback that verifies; it lives as long as the SSL_CTX.
    private let pin: PinnedKey?

    /// A server that speaks both protocols. It shows `certificate` together with `authority`, so that a client that only
    /// knows a pin can check the chain; clients of `regiopost/1` must show a certificate from `authority`.
    public static func server(
        certificate: Certificate, key: PrivateKey, authority: Certificate
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(.server)
        try context.show(certificate, key)
        try context.add(authority) { COpenSSL_add_chain_certificate(context.pointer, $0) }
        try context.add(authority) { SSL_CTX_add_client_CA(context.pointer, $0) }
        try context.trust(authority)
        SSL_CTX_set_client_hello_cb(context.pointer, requireProtocols, nil)
        SSL_CTX_set_alpn_select_cb(context.pointer, selectProtocol, nil)
        SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        return context
    }

    /// A client of `regiopost/1`: it shows `certificate` and trusts servers certified by `authority`.
    public static func session(
        certificate: Certificate, key: PrivateKey, authority: Certificate
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(.client(.session))
        try context.show(certificate, key)
        try context.trust(authority)
        return context
    }

    /// A client of `regiopost-enrol/1`: it shows no certificate and trusts servers that send an authority whose public key
    /// has the SHA-256 `pin`, 32 bytes.
    public static func enrolment(pin: [UInt8]) throws(TLSError) -> TLSContext {
        guard pin.count == SHA256.byteCount else {
            throw TLSError(.configuration, "A pin has \(SHA256.byteCount) bytes, not \(pin.count).")
        }
        return try TLSContext(.client(.enrolment), pin: PinnedKey(digest: pin))
    }

    private init(_ role: Role, pin: PinnedKey? = nil) throws(TLSError) {
        let isServer = if case .server = role { true } else { false }
        guard let pointer = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw TLSError(.configuration, "TLS could not be set up.")
        }
        self.pointer = pointer
        self.role = role
        self.pin = pin
        try restrict()
        if case .client(let name) = role { try offer(name) }
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    private func restrict() throws(TLSError) {
        let suites = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
        guard COpenSSL_only_tls13(pointer) == 1, SSL_CTX_set_ciphersuites(pointer, suites) == 1,
            COpenSSL_set_groups(pointer, "X25519:P-256:P-384") == 1,
            SSL_CTX_set_num_tickets(pointer, 0) == 1, SSL_CTX_set_max_early_data(pointer, 0) == 1
        else { throw TLSError(.configuration, "TLS could not be restricted to what is allowed.") }
        SSL_CTX_set_security_level(pointer, 3)
        COpenSSL_set_options(pointer)
        COpenSSL_session_cache_off(pointer)
        COpenSSL_set_modes(pointer)
        // A chain is two certificates; what strangers may send is bounded before it is read.
        COpenSSL_set_max_cert_list(pointer, 1 << 15)
        SSL_CTX_set_verify_depth(pointer, 0)
    }

    private func offer(_ name: ApplicationProtocol) throws(TLSError) {
        // Unlike its neighbours this call answers 0 for success.
        let list = name.listEntry
        guard SSL_CTX_set_alpn_protos(pointer, list, UInt32(list.count)) == 0 else {
            throw TLSError(.configuration, "TLS could not be set up.")
        }
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        if let pin {
            SSL_CTX_set_cert_verify_callback(
                pointer, verifyByPin, Unmanaged.passUnretained(pin).toOpaque())
        }
    }

    private func show(_ certificate: Certificate, _ key: PrivateKey) throws(TLSError) {
        try add(certificate) { SSL_CTX_use_certificate(pointer, $0) }
        let fits = SSL_CTX_use_PrivateKey(pointer, key.pointer) == 1 && SSL_CTX_check_private_key(pointer) == 1
        ERR_clear_error()
        guard fits else { throw TLSError(.configuration, "The key and the certificate don't belong together.") }
    }

    private func trust(_ authority: Certificate) throws(TLSError) {
        try add(authority) { X509_STORE_add_cert(SSL_CTX_get_cert_store(pointer), $0) }
    }

    private func add(_ certificate: Certificate, _ call: (OpaquePointer) -> Int32) throws(TLSError) {
        let added: Int32
        do throws(CryptoError) {
            added = try certificate.withX509(call)
        } catch {
            throw TLSError(.configuration, "A certificate can't be used: \(error.message).")
        }
        ERR_clear_error()
        guard added == 1 else {
            throw TLSError(.configuration, "The certificate of \(certificate.commonName) can't be used for TLS.")
        }
    }
}
