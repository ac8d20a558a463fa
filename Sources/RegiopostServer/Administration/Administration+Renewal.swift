import RegiopostCrypto
import RegiopostJSON
import RegiopostModel

extension Administration {
    /// Writes a new certificate for the server's key in place of the old one, whole or not at all. A server that runs uses it
    /// from its next start on.
    func renewServer(_ names: [String]) throws -> JSONValue {
        for name in names where !HostName.isValid(name) {
            throw OperatorError(.usage, Self.badName, ["host": name])
        }
        let old = open.certificate
        let names = names.isEmpty ? old.dnsNames + old.ipAddresses : names
        let certificate: Certificate
        do {
            certificate = try open.authority.issueServer(
                key: open.serverKey, dnsNames: names.filter { !HostName.isAddress($0) },
                ipAddresses: names.filter(HostName.isAddress),
                notBefore: clock().milliseconds / 1_000 - EnrolmentDesk.leeway, days: FolderCreation.serverDays)
            try FolderFile.write(try certificate.pem(), to: open.folder.server, mode: 0o644)
        } catch let error as CryptoError {
            throw OperatorError.certificate(error, open.folder.server)
        }
        return .object([
            "expires": .string(Timestamp(milliseconds: certificate.notAfter * 1_000).text),
            "names": .strings(certificate.dnsNames + certificate.ipAddresses),
        ])
    }

    private static let badName = Phrase(
        dutch: "\"{host}\" is geen hostnaam en geen IP-adres. Het oude certificaat blijft.",
        english: "\"{host}\" is no host name and no IP address. The old certificate stays.")
}
