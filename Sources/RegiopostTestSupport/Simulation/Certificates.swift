import RegiopostCrypto
import RegiopostModel
import Synchronization

/// Certificates for simulated clients, made once a process: their keys are of no consequence to a run.
final class Certificates: Sendable {
    static let shared = Certificates()

    let authority: CertificateAuthority
    private let made = Mutex<[String: Certificate]>([:])

    private init() {
        do throws(CryptoError) {
            authority = try CertificateAuthority.create(name: "simulation", notBefore: 1_700_000_000)
        } catch {
            preconditionFailure("no root can be made: \(error)")
        }
    }

    /// The certificate of that number for an address.
    func certificate(_ number: Int, for address: Address) throws -> Certificate {
        try made.withLock { made in
            let name = "\(address) \(number)"
            if let known = made[name] { return known }
            let request = try CertificateRequest(key: try PrivateKey.generate(), commonName: address.text)
            let certificate = try authority.issueClient(
                for: request, address: address.text, notBefore: 1_700_000_000, days: 3_000)
            made[name] = certificate
            return certificate
        }
    }
}
