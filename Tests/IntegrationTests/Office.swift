import RegiopostCrypto
import RegiopostModel
import RegiopostTLS
import RegiopostTestSupport
import RegiopostWire
import Testing

/// A data folder with its server, and clients that got in by invitation.
final class Office: Sendable {
    let folder: TemporaryFolder

    init() async throws {
        folder = TemporaryFolder()
        let made = try await Program.run(["init", "--data", folder.data])
        try #require(made.status == 0, "\(made.errors)")
    }

    func serve() async throws -> ServerProcess { try await ServerProcess.start(folder.data) }

    /// Runs a command on the folder.
    func run(_ arguments: String...) async throws -> Program.Run {
        try await Program.run(arguments + ["--data", folder.data])
    }

    /// Makes an invitation by command.
    func invite(_ address: String) async throws -> InvitationText {
        let run = try await run("invite", address)
        try #require(run.status == 0, "\(run.errors)")
        let line = try #require(run.output.split(separator: "\n").first.map(String.init))
        #expect(run.output == line + "\n")
        return try #require(InvitationText(line))
    }

    /// Uses an invitation with a key.
    func enrol(_ invitation: InvitationText, _ key: PrivateKey, port: Int) async throws -> Reply {
        let client = try await TestClient.connect(
            try .enrolment(pin: invitation.pin.bytes), .enrol, port: port)
        let greeting = try await client.next()
        guard case .greetedForEnrolment = greeting else {
            Issue.record("\(greeting)")
            return .unknown
        }
        let request = try CertificateRequest(key: key, commonName: invitation.address.text)
        let enrolment = ClientRequest.Enrolment(
            address: invitation.address, secret: invitation.secret, request: request.der)
        let reply = try await client.ask(.enrol(enrolment))
        await client.close()
        return reply
    }

    /// Gets a certificate for an address.
    func admit(_ address: String, port: Int) async throws -> Badge {
        let invitation = try await invite(address)
        let key = try PrivateKey.generate()
        guard case .enrol(let certificate, let root) = try await enrol(invitation, key, port: port) else {
            throw NotAdmitted()
        }
        let authority = try Certificate(der: root)
        #expect(authority.publicKeyDigest == invitation.pin.bytes)
        return Badge(certificate: try Certificate(der: certificate), key: key, authority: authority)
    }
}

struct NotAdmitted: Error {}

/// What a client shows.
struct Badge: Sendable {
    let certificate: Certificate
    let key: PrivateKey
    let authority: Certificate

    /// Connects, without waiting for the greeting.
    func connect(port: Int) async throws -> TestClient {
        try await TestClient.connect(
            try .session(certificate: certificate, key: key, authority: authority), .regiopost, port: port)
    }

    /// Connects and is greeted.
    func enter(port: Int) async throws -> TestClient {
        let client = try await connect(port: port)
        guard case .greeted = try await client.next() else { throw NotAdmitted() }
        return client
    }
}
