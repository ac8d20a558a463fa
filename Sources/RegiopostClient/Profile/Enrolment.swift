import Glibc
import RegiopostCrypto
import RegiopostFiles
import RegiopostModel
import RegiopostTLS
import RegiopostWire

/// Gets a certificate for an invitation and makes a profile of it, or gives a profile whose certificate was revoked or has
/// expired a new one. Replica and outbox stay.
///
/// Each invitation has a key of its own, which is on disk before the server is asked: so being killed in between burns
/// nothing, because the same invitation with the same key gets the same certificate again.
public enum Enrolment {
    /// Enrols into a folder that has no profile yet, or one of the same address.
    ///
    /// - Throws: `profile-exists` where the folder is another address's, or this invitation was used for it;
    ///   `enrolment-busy`; `wrong-server` before any secret was sent where the server isn't the one the invitation pins;
    ///   `refused` with the server's code; `unreachable` and what files can do.
    public static func enrol(
        _ invitation: InvitationText, into folder: String, trace: TLSServerConnection.Trace? = nil
    ) async throws(ClientError) -> Profile {
        try makeFolder(folder)
        let lock = try EnrolmentLock(folder: folder)
        defer { lock.release() }
        let name = keyName(for: invitation)
        let earlier = try earlierProfile(in: folder)
        if let earlier, earlier.address != invitation.address || earlier.keyName == name {
            throw ClientError(.profileExists, ["path": folder, "address": earlier.address.text])
        }
        let paths = Profile.KeyPaths(folder: folder, name: name)
        let key = try key(at: paths.key)
        let endpoint = TLSServerConnection.Endpoint(host: invitation.host, port: invitation.port)
        let (certificate, authority) = try await ask(invitation, endpoint, key, trace)
        try check(certificate, authority, invitation, key)
        try keep(certificate, authority, at: paths)
        let profile = Profile(folder: folder, address: invitation.address, endpoint: endpoint, keyName: name)
        try profile.write()
        // From here on the new key is the one in use. What is left of the old one opens no door.
        for path in earlier?.keyPaths.all ?? [] { unlink(path) }
        return profile
    }

    /// The name of an invitation's key: a digest, because the secret is nobody's to read from a file name.
    private static func keyName(for invitation: InvitationText) -> String {
        let digest = SHA256.hash(Array("regiopost key of an invitation\n".utf8) + invitation.secret)
        return Digest(bytes: digest).map { String($0.text.suffix(16)) } ?? ""
    }

    private static func earlierProfile(in folder: String) throws(ClientError) -> Profile? {
        guard access(Profile.Paths(folder: folder).profile, F_OK) == 0 else { return nil }
        return try Profile(folder: folder)
    }

    private static func keep(
        _ certificate: Certificate, _ authority: Certificate, at paths: Profile.KeyPaths
    ) throws(ClientError) {
        do {
            try Profile.write(try authority.pem(), to: paths.authority, mode: 0o600)
            try Profile.write(try certificate.pem(), to: paths.certificate, mode: 0o600)
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(.storeFailed, ["path": paths.certificate, "reason": String(describing: error)])
        }
    }

    private static func makeFolder(_ folder: String) throws(ClientError) {
        var path = ""
        for part in folder.split(separator: "/", omittingEmptySubsequences: true) {
            path += (path.isEmpty && !folder.hasPrefix("/") ? "" : "/") + part
            if mkdir(path, 0o700) != 0, errno != EEXIST, access(path, F_OK) != 0 {
                throw ClientError(FileError(errno, .write, path))
            }
        }
    }

    /// The key of an earlier attempt with the same invitation, or a new one.
    private static func key(at path: String) throws(ClientError) -> PrivateKey {
        do {
            if access(path, F_OK) == 0 { return try PrivateKey(pem: try Profile.read(path)) }
            let key = try PrivateKey.generate()
            try Profile.write(try key.pem(), to: path, mode: 0o600)
            return key
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(.storeCorrupt, ["path": path, "reason": String(describing: error)])
        }
    }

    private static func ask(
        _ invitation: InvitationText, _ endpoint: TLSServerConnection.Endpoint, _ key: PrivateKey,
        _ trace: TLSServerConnection.Trace?
    ) async throws(ClientError) -> (Certificate, Certificate) {
        let context: TLSContext
        let request: CertificateRequest
        do {
            context = try TLSContext.enrolment(pin: invitation.pin.bytes)
            request = try CertificateRequest(key: key, commonName: invitation.address.text)
        } catch {
            throw ClientError(.badInvitation, ["reason": String(describing: error)])
        }
        let connection = try await TLSServerConnection.open(
            to: endpoint, context: context, name: .enrol, trace: trace)
        let verb = ClientRequest.Verb.enrol(
            ClientRequest.Enrolment(address: invitation.address, secret: invitation.secret, request: request.der))
        let (reply, _) = try await connection.request(verb)
        await connection.close()
        switch reply {
        case .enrol(let certificate, let root):
            do {
                return (try Certificate(der: certificate), try Certificate(der: root))
            } catch {
                throw ClientError(.protocolBroken, ["reason": String(describing: error)])
            }
        case .no(let rejection): throw ClientError(rejection)
        default: throw ClientError(.protocolBroken, ["reason": "enrol"])
        }
    }

    /// The certificate must be for our key and address, and the root must be the one that was pinned.
    private static func check(
        _ certificate: Certificate, _ authority: Certificate, _ invitation: InvitationText, _ key: PrivateKey
    ) throws(ClientError) {
        let ours = try? key.publicKeyDigest()
        guard certificate.publicKeyDigest == ours, certificate.address == invitation.address.text,
            authority.publicKeyDigest == invitation.pin.bytes
        else {
            throw ClientError(.wrongServer, ["server": invitation.host, "reason": "the certificate isn't ours"])
        }
    }
}
