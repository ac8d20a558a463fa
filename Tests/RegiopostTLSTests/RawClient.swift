import COpenSSL
import RegiopostCrypto
import RegiopostTLS
import Testing

/// A client that does what our own refuses to do, straight from OpenSSL.
final class RawClient {
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    /// OpenSSL's reason for the first failure.
    private(set) var failure: String?

    init(protocols: [String], _ fixture: Fixture? = nil, configure: (OpaquePointer) -> Void = { _ in }) throws {
        context = try #require(SSL_CTX_new(TLS_client_method()))
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !list.isEmpty { #expect(SSL_CTX_set_alpn_protos(context, list, UInt32(list.count)) == 0) }
        if let fixture {
            let context = context
            try fixture.clientCertificate.withX509 { _ = SSL_CTX_use_certificate(context, $0) }
            #expect(SSL_CTX_use_PrivateKey(context, fixture.clientKey.pointer) == 1)
        }
        configure(context)
        ssl = try #require(SSL_new(context))
        input = try #require(BIO_new(BIO_s_mem()))
        output = try #require(BIO_new(BIO_s_mem()))
        SSL_set_bio(ssl, input, output)
        SSL_set_connect_state(ssl)
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    /// Shakes hands with the server as far as it goes, reads once, and answers what the server made of it.
    func connect(to context: TLSContext) throws -> End {
        let server = End(try TLSEngine(server: context))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        for _ in 0..<6 {
            step(&buffer)
            while BIO_ctrl_pending(output) > 0 {
                let count = Int(BIO_read(output, &buffer, Int32(buffer.count)))
                buffer.withUnsafeBytes { server.engine.receive(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            }
            server.advance()
            let back = server.output()
            if !back.isEmpty { BIO_write(input, back, Int32(back.count)) }
        }
        return server
    }

    private func step(_ buffer: inout [UInt8]) {
        guard failure == nil else { return }
        var outcome = COpenSSL_do_handshake(ssl)
        if outcome.result == 1 { outcome = COpenSSL_read(ssl, &buffer, Int32(buffer.count)) }
        guard outcome.result <= 0, outcome.error == SSL_ERROR_SSL else { return }
        failure = ERR_reason_error_string(outcome.reason).map { String(cString: $0) } ?? "none"
    }
}
