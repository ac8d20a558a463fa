import RegiopostClient
import RegiopostClientSQLite
import RegiopostCrypto
import RegiopostModel
import RegiopostTestSupport
import Synchronization
import Testing

/// Workspaces with stores of their own, gone with the test.
struct Desks {
    private let folder = TemporaryFolder()

    /// Where their files are.
    var files: FileFolder { FileFolder(folder: folder.path + "/files") }

    /// A workspace with a clock that stands still and chance that counts.
    func workspace(
        _ address: String, knowing story: Story, now: Int64 = 1_774_000_000_000
    ) async throws -> Workspace {
        let store = try SQLiteClientStore(path: folder.file())
        for mailbox in ReplicaMailbox.allCases {
            let changes = story.accepted.filter { change in
                switch change.subject {
                case .organisation, .region: mailbox == .directory
                default: mailbox == .own
                }
            }
            let entries = changes.enumerated().map { offset, change in
                ReplicaEntry(position: offset + 1, receivedAt: Timestamp(milliseconds: 7), line: change.line())
            }
            let isStored = try await store.store(
                ReplicaPage(entries: entries, replaces: "0", cursor: "c", isFirst: true, isLast: true), of: mailbox)
            try #require(isStored)
        }
        let count = Mutex<UInt64>(1_000)
        let zero = try #require(Digest(bytes: [UInt8](repeating: 0, count: 32)))
        return Workspace(
            address: try #require(Address(address)), store: store,
            surroundings: Workspace.Surroundings(
                clock: { Timestamp(milliseconds: now) },
                random: {
                    (
                        0,
                        count.withLock { count in
                            count += 1
                            return count
                        }
                    )
                },
                digest: { bytes in Digest(bytes: SHA256.hash(bytes)) ?? zero }))
    }
}
