import COpenSSL

/// Translates what OpenSSL says went wrong.
extension TLSError {
    /// Reads the first entry of the error queue, and the verdict on the peer's certificate where that is the cause.
    static func from(reason code: UInt, verdict: Int) -> TLSError {
        let reason = Int32(truncatingIfNeeded: ERR_GET_REASON(code))
        if reason >= SSL_AD_REASON_OFFSET {
            return fromAlert(UInt8(truncatingIfNeeded: reason - SSL_AD_REASON_OFFSET))
        }
        switch reason {
        case SSL_R_CERTIFICATE_VERIFY_FAILED: return fromVerdict(verdict)
        case SSL_R_UNEXPECTED_EOF_WHILE_READING:
            return TLSError(.truncated, "The connection ended in the middle; what came last may be incomplete.")
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return TLSError(.noCertificate, "The client sent no certificate.")
        case SSL_R_NO_APPLICATION_PROTOCOL, SSL_R_CALLBACK_FAILED: return .wrongProtocol
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_KEY_SHARE,
            SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SUITABLE_GROUPS,
            SSL_R_WRONG_SSL_VERSION:
            return TLSError(.incompatible, "The peers share no version or cipher of TLS (\(text(of: code))).")
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST:
            return TLSError(.notTLS, "The other side doesn't speak TLS (\(text(of: code))).")
        default:
            return TLSError(.protocolViolation, "TLS failed: \(text(of: code)).")
        }
    }

    static let wrongProtocol = TLSError(
        .wrongProtocol, "The other side speaks another protocol than Regiopost on this port.")

    /// What X.509 verification says of the peer's certificate, a code of `X509_V_ERR_…`.
    static func fromVerdict(_ verdict: Int) -> TLSError {
        switch Int32(truncatingIfNeeded: verdict) {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return TLSError(.nameMismatch, "The server's certificate is for another name.")
        case X509_V_ERR_APPLICATION_VERIFICATION:
            return TLSError(.pinMismatch, "This is not the server that the invitation is for.")
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
            let why = String(cString: X509_verify_cert_error_string(verdict))
            return TLSError(.certificateNotValidNow, "The other side's certificate is not valid now: \(why).")
        default:
            let why = String(cString: X509_verify_cert_error_string(verdict))
            return TLSError(.untrustedCertificate, "The other side's certificate is not trusted: \(why).")
        }
    }

    private static func fromAlert(_ alert: UInt8) -> TLSError {
        let text = String(cString: SSL_alert_desc_string_long(Int32(alert)))
        return TLSError(.alert, "The other side ended the connection: \(text).", alert: alert)
    }

    private static func text(of code: UInt) -> String {
        guard code != 0, let text = ERR_reason_error_string(code) else { return "no reason given" }
        return String(cString: text)
    }
}
