import RegiopostModel
import RegiopostWire
import Testing

/// What the tests of sessions share.
enum Fixtures {
    static let epoch: UInt64 = 0x9F2C_1A7B_E04D_5536

    static func greeting(_ limits: Limits = .standard) throws -> Greeting {
        Greeting(
            server: try #require(OrganisationCode("pv28")), address: try #require(Address("gm0503/griffie")),
            epoch: epoch, time: try #require(Timestamp("2026-03-27T10:00:00Z")), limits: limits)
    }

    static func enrolGreeting() throws -> EnrolGreeting {
        EnrolGreeting(
            server: try #require(OrganisationCode("pv28")), time: try #require(Timestamp("2026-03-27T10:00:00Z")))
    }

    static func server(_ limits: Limits = .standard) throws -> MemoryServer {
        MemoryServer(greeting: try greeting(limits), limits: limits)
    }

    /// The change with that number, padded to about `size` bytes.
    static func change(_ number: Int, size: Int = 0) -> [UInt8] {
        let id = "0195d2a4-7c00-7000-8000-" + String(number, radix: 16).leftPadded(12)
        return Array("{\"id\":\"\(id)\",\"body\":\"\(String(repeating: "é", count: size / 2))\"}".utf8)
    }
}
