import RegiopostJournal
import RegiopostModel
import Testing

/// Makes proposals for tests: real ids and subjects, lines of any bytes, digests that differ when the bytes do.
public struct ProposalMaker: Sendable {
    /// The council's registry of Delft.
    public let griffie: Mailbox
    /// The executive of Delft.
    public let college: Mailbox
    /// The province's account holder.
    public let accounthouder: Mailbox
    private var made: UInt64 = 0

    /// Makes a maker whose ids begin anew.
    public init() throws {
        griffie = try #require(Mailbox("gm0503/griffie"))
        college = try #require(Mailbox("gm0503/college"))
        accounthouder = try #require(Mailbox("pv28/accounthouder-haagse-regio"))
    }

    /// An id nobody had from this maker.
    public mutating func nextID() -> ChangeID {
        made += 1
        return ChangeID(time: Timestamp(milliseconds: Int64(made)), random: (made, made))
    }

    /// A meeting nobody had from this maker.
    public mutating func nextSubject() -> SubjectID { .meeting(nextID()) }

    /// A proposal by the registry, seen by it alone, if nothing else is said.
    public mutating func propose(
        _ subject: SubjectID, after head: ChangeID? = nil, to mailboxes: Set<Mailbox>? = nil,
        by author: Mailbox? = nil, id: ChangeID? = nil, line: [UInt8]? = nil, directory: Int = 0,
        fills: [Fill] = [], cites: Set<Digest> = []
    ) throws -> Proposal {
        let id = id ?? nextID()
        let line = line ?? Array("{\"id\":\"\(id.text)\"}".utf8)
        return Proposal(
            id: id, line: line, digest: try Self.digest(of: line), subject: subject, author: author ?? griffie,
            expectedHead: head, expectedDirectoryHead: directory, mailboxes: mailboxes ?? [griffie],
            fills: fills, cites: cites, receivedAt: Timestamp(milliseconds: 1_774_605_600_000 + Int64(made)))
    }

    /// Stands in for SHA-256, which the journal never computes: FNV-1a over the bytes from four beginnings.
    public static func digest(of bytes: [UInt8]) throws -> Digest {
        let words = (0..<4).map { start in
            bytes.reduce(0xCBF2_9CE4_8422_2325 &+ UInt64(start)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        }
        let flat = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
        return try #require(Digest(bytes: flat))
    }
}
