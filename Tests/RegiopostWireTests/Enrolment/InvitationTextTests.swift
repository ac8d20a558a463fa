import RegiopostModel
import RegiopostWire
import Testing

@Suite("Invitations as text") struct InvitationTextTests {
    private func invitation(host: String = "post.example.nl", port: Int = 7443, secret: Int = 24) throws
        -> InvitationText?
    {
        InvitationText(
            host: host, port: port, address: try #require(Address("gm0503/griffie")),
            secret: (0..<secret).map { UInt8(truncatingIfNeeded: $0 * 7) },
            pin: try #require(Digest(bytes: [UInt8](repeating: 0xAB, count: 32))))
    }

    @Test("an invitation is written in one way, and read back as it was") func written() throws {
        let invitation = try #require(try invitation())
        let pin = String(repeating: "ab", count: 32)
        #expect(
            invitation.text
                == "regiopost:1:post.example.nl:7443:gm0503/griffie:AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qh:" + pin)
        #expect(InvitationText(invitation.text) == invitation)
        #expect(!"\(invitation)".contains("AAcO"))
    }

    @Test("an IPv6 address stands in brackets", arguments: ["2001:db8::1", "::1", "::ffff:192.0.2.1"])
    func brackets(host: String) throws {
        let invitation = try #require(try invitation(host: host))
        #expect(invitation.text.hasPrefix("regiopost:1:[\(host)]:7443:"))
        #expect(InvitationText(invitation.text)?.host == host)
    }

    @Test(
        "what can't stand in an invitation makes none",
        arguments: [
            ("", 7443, 24), ("a b", 7443, 24), ("[::1]", 7443, 24), ("a:g", 7443, 24), ("a\n", 7443, 24),
            ("a/b", 7443, 24), ("localhost", 0, 24), ("localhost", 65_536, 24), ("localhost", 7443, 15),
            ("localhost", 7443, 65), (String(repeating: "a", count: 254), 7443, 24),
            (String(repeating: "a", count: 253), 7443, 64 + 1),
        ]) func impossible(host: String, port: Int, secret: Int) throws
    {
        #expect(try invitation(host: host, port: port, secret: secret) == nil)
    }

    @Test("every other spelling is refused") func otherSpellings() throws {
        let text = try #require(try invitation()).text
        let changed = [
            text + "\n", " " + text, text + ":", text.uppercased(), String(text.dropLast()),
            text.replacing("regiopost:1:", with: "regiopost:2:"), text.replacing(":7443:", with: ":07443:"),
            text.replacing(":7443:", with: ":+7443:"), text.replacing(":7443:", with: "::"),
            text.replacing("gm0503/griffie", with: "gm0503/nobody"), text.replacing("AAcO", with: "AAcO=="),
            text.replacing("post.example.nl", with: "[post.example.nl]"),
            text.replacing("post.example.nl", with: "::1"), text.replacing("post.example.nl", with: "[::1"),
            text.replacing("abab", with: "ABAB"), text.replacing(":gm", with: ":" + text + ":gm"),
        ]
        for other in changed { #expect(InvitationText(other) == nil, "\(other)") }
    }
}
