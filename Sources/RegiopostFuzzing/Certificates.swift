import RegiopostCrypto

/// A certificate or a request for one, in DER or PEM, as either side is shown them before it trusts the other.
enum Certificates {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        if let certificate = try? Certificate(der: input) { try check(certificate) }
        if let request = try? CertificateRequest(der: input) {
            try promise(request.der == input, "a request's bytes are kept")
        }
        if let certificate = try? Certificate(pem: input) { try check(certificate) }
        _ = try? PrivateKey(pem: input)
    }

    private static func check(_ certificate: Certificate) throws(BrokenPromise) {
        for name in certificate.uris + certificate.dnsNames + certificate.ipAddresses {
            try promise(name.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(name) can be shown")
        }
        try promise(!certificate.serial.isEmpty, "it has a number")
        if let address = certificate.address {
            try promise(
                certificate.uris.contains("urn:regiopost:address:" + address), "its address is one of its names")
        }
        let again = try? Certificate(der: certificate.der)
        try promise(again == certificate, "its DER is read again")
        let pem = try? certificate.pem()
        let fromPEM = pem.flatMap { try? Certificate(pem: $0) }
        try promise(fromPEM == certificate, "its PEM is read again")
    }
}
