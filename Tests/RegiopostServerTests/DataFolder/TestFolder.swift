import Foundation
import RegiopostCrypto
import RegiopostJournal
import RegiopostJournalLog
import RegiopostModel
import Testing

@testable import RegiopostServer

/// A data folder of a test's own, gone with it.
final class TestFolder: Sendable {
    let folder: DataFolder
    /// The regions, the organisations that are there, and those that were abolished.
    static let entries = 119
    /// The changes that say so: the entries, and the mergers.
    static let changes = entries + 23
    private let parent: String

    static let log = JournalBackEnd(
        create: { (path, epoch) async throws(JournalError) in
            storage(try await LogJournal.create(at: path, epoch: epoch, hash: hash))
        },
        open: { (path, newEpoch) async throws(JournalError) in
            storage(try await LogJournal.open(at: path, newEpoch: newEpoch, hash: hash))
        },
        discard: { (path) throws(JournalError) in try LogJournal.discard(at: path) })

    private static let hash: LogHash = { Digest(words: SHA256.words(of: $0)) }

    private static func storage(_ journal: LogJournal) -> Storage {
        Storage(journal: journal, enrolment: journal.enrolment, inspection: journal, notices: journal.notices)
    }

    /// Names a folder that isn't there yet, `depth` folders of long names below the temporary one.
    init(depth: Int = 0) throws {
        parent = FileManager.default.temporaryDirectory.path + "/regiopost-\(UUID().uuidString.prefix(8))"
        let name = String(repeating: "x", count: 60)
        let path = ([parent] + Array(repeating: name, count: depth)).joined(separator: "/")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        folder = DataFolder(path: path + "/data")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: parent)
    }

    func creation(
        hosts: [String] = [], backEnd: JournalBackEnd = log
    ) throws -> FolderCreation {
        let choices = FolderCreation.Choices(
            province: try #require(OrganisationCode("pv28")), hosts: hosts, port: 7443)
        return FolderCreation(folder, choices, backEnd: backEnd, clock: SystemClock.now)
    }

    /// Makes the folder.
    @discardableResult
    func make(hosts: [String] = []) async throws -> TestFolder {
        #expect(try await creation(hosts: hosts).run() == Self.entries)
        return self
    }

    func administer(_ request: AdministrationRequest) async throws -> AdministrationReply {
        try await Operator(folder, backEnd: Self.log, patience: .milliseconds(200)).perform(request)
    }

    /// Replaces a text in one of its files.
    func edit(_ path: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
    }
}
