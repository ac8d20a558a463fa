import RegiopostCrypto
import RegiopostModel
import RegiopostWire
import Testing

@testable import RegiopostClient

@Suite("What is given back to a restored server") struct GivingBackTests {
    private func entry(_ position: Int, receipt: String? = "AQAA") -> ReplicaEntry {
        ReplicaEntry(
            position: position, receivedAt: Timestamp(milliseconds: 1), line: Array("{\"n\":\(position)}".utf8),
            receipt: receipt)
    }

    private func end(_ position: Int, of entry: ReplicaEntry) throws -> MailboxEnd {
        try #require(MailboxEnd(position: position, digest: Digest(bytes: SHA256.hash(entry.line))))
    }

    private var entries: [ReplicaEntry] { (1...4).map { entry($0) } }

    @Test("what comes after the backup's end, where the copy agrees with it there") func after() throws {
        let lost = SyncEngine.lost(of: entries, after: try end(2, of: entry(2)))
        #expect(lost.map(\.position) == [3, 4])
        #expect(SyncEngine.lost(of: entries, after: try end(4, of: entry(4))).isEmpty)
    }

    @Test("everything, where the backup is empty or of a history that this copy doesn't know") func everything()
        throws
    {
        let empty = try #require(MailboxEnd(position: 0, digest: nil))
        #expect(SyncEngine.lost(of: entries, after: empty).count == 4)
        #expect(SyncEngine.lost(of: entries, after: try end(2, of: entry(3))).count == 4)
        #expect(SyncEngine.lost(of: entries, after: try end(9, of: entry(9))).count == 4)
    }

    @Test("nothing that came without a receipt") func without() throws {
        let entries = [entry(1), entry(2, receipt: nil), entry(3)]
        #expect(SyncEngine.lost(of: entries, after: try end(1, of: entry(1))).map(\.position) == [3])
    }
}
