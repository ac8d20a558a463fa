import RegiopostJSON
import RegiopostWire
import Testing

/// Somebody with a profile of the client, run as its own process for each command.
struct Clerk {
    let profile: String
    let home: String

    /// Lets an address in.
    init(_ address: String, at office: Office, port: Int, home name: String = "clients") async throws {
        profile = address.replacing("/", with: "-")
        home = office.folder.path + "/" + name
        let made = try await office.invite(address)
        let invitation = InvitationText(
            host: made.host, port: port, address: made.address, secret: made.secret, pin: made.pin)
        try await does("enroll", try #require(invitation).text)
    }

    /// Runs a command, whatever comes of it.
    func tries(_ arguments: [String]) async throws -> Program.Run {
        try await Program.run(
            arguments + ["--profile", profile, "--home", home], environment: ["TZ": "Europe/Amsterdam"],
            of: Program.client)
    }

    /// Runs a command that succeeds, and answers its JSON.
    @discardableResult func does(_ arguments: String...) async throws -> JSONValue {
        let run = try await tries(arguments + ["--json"])
        try #require(run.status == 0, "\(profile): \(arguments): \(run.output) \(run.errors)")
        return try JSONReader.read(Array(run.output.utf8.filter { $0 != 0x0A }))
    }

    /// What a person sees of a command that succeeds.
    func sees(_ arguments: String...) async throws -> String {
        let run = try await tries(arguments)
        try #require(run.status == 0, "\(profile): \(arguments): \(run.output) \(run.errors)")
        return run.output
    }

    /// The code of a command that fails.
    func refused(_ arguments: String...) async throws -> String? {
        let run = try await tries(arguments + ["--json"])
        #expect(run.status != 0, "\(profile): \(arguments)")
        return try JSONReader.read(Array(run.output.utf8.filter { $0 != 0x0A }))["error"]?.string
    }

    /// Sends and fetches.
    func syncs() async throws { try await does("sync") }
}
