import COpenSSL
import RegiopostCrypto

// What OpenSSL calls in the middle of a handshake. Free functions: a closure handed to C could inherit an actor.

/// The key that an invitation pins, for the callback below.
final class PinnedKey: Sendable {
    let digest: [UInt8]

    init(digest: [UInt8]) {
        self.digest = digest
    }
}

/// Refuses a client that offers no application protocol at all: OpenSSL wouldn't even ask `selectProtocol` then.
func requireProtocols(
    ssl: OpaquePointer?, alert: UnsafeMutablePointer<Int32>?, argument: UnsafeMutableRawPointer?
) -> Int32 {
    var list: UnsafePointer<UInt8>?
    var count = 0
    let kind = UInt32(TLSEXT_TYPE_application_layer_protocol_negotiation)
    guard SSL_client_hello_get0_ext(ssl, kind, &list, &count) == 1 else {
        alert?.pointee = SSL_AD_NO_APPLICATION_PROTOCOL
        return SSL_CLIENT_HELLO_ERROR
    }
    return SSL_CLIENT_HELLO_SUCCESS
}

/// Picks one of our protocols, or refuses. Who enrols is not asked for a certificate.
func selectProtocol(
    ssl: OpaquePointer?, chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    chosenCount: UnsafeMutablePointer<UInt8>?, list: UnsafePointer<UInt8>?, count: UInt32,
    argument: UnsafeMutableRawPointer?
) -> Int32 {
    let offered = UnsafeBufferPointer(start: list, count: Int(count))
    guard let ssl, let list, let (name, start) = ApplicationProtocol.choose(from: offered) else {
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
    chosen?.pointee = list + start
    chosenCount?.pointee = UInt8(name.rawValue.utf8.count)
    if name == .enrolment { SSL_set_verify(ssl, SSL_VERIFY_NONE, nil) }
    return SSL_TLSEXT_ERR_OK
}

/// Verifies a server whose authority isn't known yet: the one that it sends itself is trusted if, and only if, its key is
/// the pinned one. Chain, name, use and validity are then checked as always.
func verifyByPin(verification: OpaquePointer?, argument: UnsafeMutableRawPointer?) -> Int32 {
    guard let verification, let argument else { return 0 }
    let pin = Unmanaged<PinnedKey>.fromOpaque(argument).takeUnretainedValue()
    let sent = X509_STORE_CTX_get0_untrusted(verification)
    let authority = (0..<max(0, OPENSSL_sk_num(sent))).lazy
        .compactMap { OPENSSL_sk_value(sent, $0) }
        .map { OpaquePointer($0) }
        .first { certificate in
            (try? Certificate(reading: certificate))
                .map { $0.isAuthority && $0.publicKeyDigest == pin.digest } ?? false
        }
    guard let authority, let trusted = OPENSSL_sk_new_null() else {
        X509_STORE_CTX_set_error(verification, X509_V_ERR_APPLICATION_VERIFICATION)
        return 0
    }
    defer { OPENSSL_sk_free(trusted) }
    guard OPENSSL_sk_push(trusted, UnsafeMutableRawPointer(authority)) > 0 else { return 0 }
    X509_STORE_CTX_set0_trusted_stack(verification, trusted)
    // The stack is only lent; the chain that was found keeps its own references.
    defer { X509_STORE_CTX_set0_trusted_stack(verification, nil) }
    return X509_verify_cert(verification)
}
