import COpenSSL

/// Which public keys are accepted: P-256 and P-384 by name, and RSA from 3072 to 8192 bits.
enum KeyPolicy {
    static func check(_ key: OpaquePointer) throws(CryptoError) {
        if EVP_PKEY_is_a(key, "EC") == 1 {
            try checkCurve(key)
        } else if EVP_PKEY_is_a(key, "RSA") == 1 {
            let bits = EVP_PKEY_get_bits(key)
            guard (3072...8192).contains(bits) else {
                throw CryptoError(.weakKey, "an RSA key must have 3072 to 8192 bits, this one has \(bits)")
            }
        } else {
            throw CryptoError(.weakKey, "a key must be P-256, P-384 or RSA")
        }
    }

    private static func checkCurve(_ key: OpaquePointer) throws(CryptoError) {
        var explicit: Int32 = 0
        // A curve given by its numbers instead of its name can be a trap, whatever it looks like.
        let known = EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit)
        var name = [CChar](repeating: 0, count: 64)
        guard known == 1, explicit == 0, EVP_PKEY_get_group_name(key, &name, name.count, nil) == 1 else {
            ERR_clear_error()
            throw CryptoError(.weakKey, "an elliptic-curve key must name its curve")
        }
        let text = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        guard text == "prime256v1" || text == "secp384r1" else {
            throw CryptoError(.weakKey, "a key must be P-256, P-384 or RSA, not \(text)")
        }
    }
}
