import Foundation
import GRDB
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalSQLite

@Suite("The journal's file") struct JournalFileTests {
    @Test("what was written is there after opening again, and goes on") func reopen() async throws {
        try await withJournal { journal, path in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let first = try maker.propose(subject, to: [maker.griffie, maker.college])
            let second = try maker.propose(subject, after: first.id)
            let receipts = try await journal.appendAll([first, second])
            try await journal.close()

            let again = try await SQLiteJournal.open(at: path)
            #expect(again.epoch == "first")
            #expect(try await again.append([first, second]) == receipts.map { .already($0) })
            #expect(try await again.changes(of: subject).map(\.line) == [first.line, second.line])
            let third = try maker.propose(subject, after: second.id, to: [maker.griffie, maker.college])
            #expect(try await again.appendAll([third]).map(\.position) == [3])
            #expect(try await again.digests(in: maker.college) == [first.digest, second.digest, third.digest])
            try await again.close()
        }
    }

    @Test("a new epoch is kept") func epoch() async throws {
        try await withJournal { journal, path in
            try await journal.close()
            let restored = try await SQLiteJournal.open(at: path, newEpoch: "second")
            #expect(restored.epoch == "second")
            try await restored.close()
            let again = try await SQLiteJournal.open(at: path)
            #expect(again.epoch == "second")
            try await again.close()
        }
    }

    @Test("its owner alone may read it, and its log") func rights() async throws {
        try await withJournal { journal, path in
            var maker = try ProposalMaker()
            try await journal.appendAll([maker.propose(maker.nextSubject())])
            for file in [path, path + "-wal", path + "-shm"] {
                let rights = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(rights == 0o600, "\(file)")
            }
        }
    }

    @Test("one file is all that closing leaves") func leftovers() async throws {
        try await withFolder { folder in
            // As a creation leaves it that was killed.
            try Data([1, 2, 3]).write(to: URL(filePath: folder + "/journal.sqlite.new"))
            try await SQLiteJournal.create(at: folder + "/journal.sqlite", epoch: "first").close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["journal.sqlite"])
        }
    }

    @Test("nothing is made over a file, nor opened where there is none") func places() async throws {
        try await withJournal { _, path in
            await expect(.alreadyExists) { try await SQLiteJournal.create(at: path, epoch: "second") }
            await expect(.missing) { try await SQLiteJournal.open(at: path + "x") }
            await expect(.ioFailed) { try await SQLiteJournal.create(at: path + "/below", epoch: "second") }
            #expect(!FileManager.default.fileExists(atPath: path + "x"))
        }
    }

    @Test("a file of a newer format is refused and left alone") func newer() async throws {
        try await withJournal { journal, path in
            try await journal.close()
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: "PRAGMA user_version = 3") }
            try queue.close()
            let before = try Data(contentsOf: URL(filePath: path))
            let error = await expect(.newerFormat) { try await SQLiteJournal.open(at: path) }
            #expect(error?.sentence.contains("format 3") == true)
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
        }
    }

    @Test("a file of the first format gets its index of files from the lines") func upgraded() async throws {
        try await withJournal { journal, path in
            var story = try Story()
            let file = try #require(
                FileReference(
                    name: "kaart.pdf", media: "application/pdf", size: 3, digest: try ProposalMaker.digest(of: [1]))
            )
            guard case .letterPublish(let plain) = try story.letter() else { return }
            let letter = LetterContent(
                dossier: plain.dossier, document: plain.document, date: plain.date, title: plain.title,
                region: plain.region, attachments: 1, files: [file], recipients: plain.recipients,
                copies: plain.copies, text: "noemt \"sha256\"")
            let cited = try story.accept(Story.secretariaat, nil, .letterPublish, .letterPublish(letter))
            var maker = try ProposalMaker()
            try await journal.appendAll([
                try maker.propose(cited.subject, id: cited.id, line: cited.line()),
                try maker.propose(maker.nextSubject(), line: Array("no change, \"sha256\"".utf8)),
            ])
            try await journal.close()
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: "DROP TABLE citation; PRAGMA user_version = 1") }
            try queue.close()
            for _ in 1...2 {
                let again = try await SQLiteJournal.open(at: path)
                #expect(try await again.subjects(citing: file.digest) == [cited.subject])
                try await again.close()
            }
        }
    }

    @Test("somebody else's file is refused and left alone") func foreign() async throws {
        try await withFolder { folder in
            let database = folder + "/other.sqlite"
            let queue = try DatabaseQueue(path: database)
            try await queue.write { try $0.execute(sql: "CREATE TABLE other (value); PRAGMA user_version = 1") }
            try queue.close()
            let text = folder + "/text"
            try Data("Dear council, \(String(repeating: "and so on. ", count: 500))".utf8).write(
                to: URL(filePath: text))
            for path in [database, text] {
                let before = try Data(contentsOf: URL(filePath: path))
                await expect(.notJournal) { try await SQLiteJournal.open(at: path) }
                #expect(try Data(contentsOf: URL(filePath: path)) == before)
            }
        }
    }

    @Test("a commit is on disk before it is answered: a copy of file and log has it") func copied() async throws {
        try await withJournal { journal, path in
            var maker = try ProposalMaker()
            let proposal = try maker.propose(maker.nextSubject())
            let receipts = try await journal.appendAll([proposal])
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: path + ".copy" + suffix)
            }
            let copy = try await SQLiteJournal.open(at: path + ".copy")
            #expect(try await copy.append([proposal]) == receipts.map { .already($0) })
            try await copy.close()
        }
    }

    @Test("the log is emptied into the file on the way, and does not grow for ever") func checkpoint() async throws
    {
        try await withJournal { journal, path in
            func size(_ suffix: String) throws -> Int {
                try #require(FileManager.default.attributesOfItem(atPath: path + suffix)[.size] as? Int)
            }
            var maker = try ProposalMaker()
            let line = [UInt8](repeating: 1, count: 1 << 20)
            var sizes: [Int] = []
            for _ in 0..<24 {
                try await journal.appendAll([maker.propose(maker.nextSubject(), line: line)])
                sizes.append(try size("-wal"))
            }
            // 1,000 pages of 4 KiB begin a checkpoint, and the next commit begins the log anew.
            #expect(try #require(sizes.max()) < 8 << 20)
            #expect(try size("") > 16 << 20)
        }
    }

    @discardableResult
    private func expect(
        _ code: JournalError.Code, at location: SourceLocation = #_sourceLocation,
        _ body: () async throws -> SQLiteJournal
    ) async -> JournalError? {
        let error = await #expect(throws: JournalError.self, sourceLocation: location) { _ = try await body() }
        #expect(error?.code == code, sourceLocation: location)
        return error
    }
}
