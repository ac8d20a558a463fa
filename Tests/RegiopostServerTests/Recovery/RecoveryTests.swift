import Foundation
import RegiopostFiles
import RegiopostJSON
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import RegiopostWire
import Testing

@testable import RegiopostServer

@Suite("A server that was restored from a backup", .timeLimit(.minutes(5))) struct RecoveryTests {
    private static let monday: Int64 = 1_780_000_000_000

    /// A server's life until its disk was lost: a backup, four changes after it, and what clients hold of these.
    private struct Loss {
        let original: TestFolder
        let backup: String
        let kept: Change
        let first: Change
        let lost: Change
        let answer: Change
        let last: Change
        let seal: ReceiptSeal
        /// What every mailbox held at the end, with its receipts.
        var rows: [Mailbox: [RegiopostWire.StoredChange]] = [:]

        init() async throws {
            original = try await TestFolder().make()
            var story = try Story()
            func letter(to code: String) throws -> ChangeBody {
                try story.letter(to: [code + "/formateur"], copies: [code + "/griffie"])
            }
            kept = try story.accept(Story.secretariaat, nil, .letterPublish, try letter(to: "gm0503"))
            first = try story.accept(Story.secretariaat, nil, .letterPublish, try letter(to: "gm0503"))
            lost = try story.accept(Story.secretariaat, nil, .letterPublish, try letter(to: "gm0518"))
            let subject = SubjectID.response(
                letter: lost.id, organisation: try #require(OrganisationCode("gm0518")))
            answer = try story.accept("gm0518/college", subject, .responseSubmit, try story.response())
            last = try story.accept(Story.secretariaat, nil, .letterPublish, try letter(to: "gm0503"))
            backup = original.folder.path + "-backup"
            try await Self.write([kept], at: RecoveryTests.monday, in: original.folder)
            try FileManager.default.copyItem(atPath: original.folder.path, toPath: backup)
            try await Self.write(
                [first, lost, answer, last], at: RecoveryTests.monday + 5_000, in: original.folder)
            let open = try await RecoveryTests.open(original.folder)
            seal = open.service.receipts
            for name in ["gm0503/formateur", "gm0518/formateur", Story.accounthouder, Story.secretariaat] {
                let mailbox = try #require(Mailbox(name))
                let page = try await open.service.journal.page(
                    of: mailbox, after: 0, limit: PageLimit(records: 100, bytes: 1 << 20))
                rows[mailbox] = page.entries.map { entry in
                    RegiopostWire.StoredChange(
                        position: entry.position, received: entry.receivedAt, digest: entry.digest,
                        bytes: entry.line[...], receipt: seal.page(of: mailbox).token(of: entry))
                }
            }
            try await open.close()
        }

        private static func write(_ changes: [Change], at moment: Int64, in folder: DataFolder) async throws {
            for (offset, change) in changes.enumerated() {
                let open = try await RecoveryTests.open(folder, at: moment + Int64(offset) * 1_000)
                let answer = await open.service.sequencer.submit(change.line(), from: change.author)
                guard case .accepted = answer else {
                    throw OperatorError(.software, dutch: "", english: "\(answer)")
                }
                try await open.close()
            }
        }

        /// What a client of that address holds of a change.
        func returned(_ change: Change, by address: String) throws -> ReturnedChange {
            let mailbox = try #require(Mailbox(address))
            let row = try #require(rows[mailbox]?.first { Array($0.bytes) == change.line() }, "\(address)")
            return ReturnedChange(
                mailbox: .own, received: row.received, receipt: try #require(row.receipt), bytes: row.bytes)
        }

        func restore(to folder: DataFolder, key: FolderRestoration.Key = .inCopy) async throws -> JSONValue {
            try await FolderRestoration(
                DataFolder(path: backup), to: folder, key: key, backEnd: TestFolder.log,
                clock: { Timestamp(milliseconds: RecoveryTests.monday + 604_800_000) }
            ).run()
        }
    }

    private static func open(_ folder: DataFolder, at moment: Int64 = monday + 700_000_000) async throws
        -> OpenFolder
    {
        let taken = try FolderLock.take(folder)
        let lock = try #require(taken)
        return try await OpenFolder.open(
            folder, lock: lock, backEnd: TestFolder.log, clock: { Timestamp(milliseconds: moment) },
            report: { _ in },
            failed: { _ in })
    }

    private func code(_ answer: RecoveryDesk.Answer) -> RefusalCode? {
        if case .failure(let refusal) = answer { refusal.code } else { nil }
    }

    private func isRepeat(_ answer: RecoveryDesk.Answer) -> Bool? {
        if case .success(let kept) = answer { kept.isRepeat } else { nil }
    }

    private func count(_ items: [JSONValue], _ kind: String) -> Int {
        items.count { $0["kind"]?.string == kind }
    }

    @Test(
        "takes nothing new, takes back what it delivered from whom it delivered it to, and keeps that over a restart"
    )
    func recovering() async throws {
        let loss = try await Loss()
        let test = try TestFolder()
        let restored = try await loss.restore(to: test.folder)
        #expect(restored["records"]?.integer == TestFolder.changes + 1 && restored["recovering"]?.bool == true)
        var open = try await Self.open(test.folder)
        #expect(open.service.journal.epoch == restored["epoch"]?.string)
        let author = loss.first.author
        let refused = await open.service.sequencer.submit(loss.first.line(), from: author)
        #expect(refused == .refused(Refusal(.recovering)))

        let (formateur, other) = (
            try #require(Address("gm0503/formateur")), try #require(Address("gm0518/formateur"))
        )
        let first = try loss.returned(loss.first, by: formateur.text)
        #expect(code(await open.service.takeBack(first, from: other)) == .receiptInvalid)
        let later = ReturnedChange(
            mailbox: .own, received: first.received.adding(milliseconds: 1), receipt: first.receipt,
            bytes: first.bytes)
        #expect(code(await open.service.takeBack(later, from: formateur)) == .receiptInvalid)
        let forged = ReturnedChange(
            mailbox: .own, received: first.received, receipt: first.receipt, bytes: loss.last.line()[...])
        #expect(code(await open.service.takeBack(forged, from: formateur)) == .receiptInvalid)
        #expect(isRepeat(await open.service.takeBack(first, from: formateur)) == false)
        #expect(isRepeat(await open.service.takeBack(first, from: formateur)) == true)
        let again = try loss.returned(loss.first, by: Story.secretariaat)
        #expect(isRepeat(await open.service.takeBack(again, from: author)) == true)
        // What the backup has is no news either.
        let kept = try loss.returned(loss.kept, by: formateur.text)
        #expect(isRepeat(await open.service.takeBack(kept, from: formateur)) == true)
        try await open.close()

        open = try await Self.open(test.folder)
        #expect(isRepeat(await open.service.takeBack(first, from: formateur)) == true)
        let answer = await open.service.sequencer.submit(loss.last.line(), from: author)
        #expect(answer == .refused(Refusal(.recovering)))
        try await open.close()
    }

    @Test("goes on with what came back, in the old order and with the old times, and says what didn't")
    func healed() async throws {
        let loss = try await Loss()
        let test = try TestFolder()
        _ = try await loss.restore(to: test.folder)
        let open = try await Self.open(test.folder)
        let administration = Administration(open: open, running: nil, clock: SystemClock.now)
        // The last first; the one between from nobody, and the answer to it from who saw both.
        for (change, address) in [
            (loss.last, "gm0503/formateur"), (loss.answer, Story.accounthouder),
            (loss.first, "gm0503/formateur"),
        ] {
            let returned = try loss.returned(change, by: address)
            #expect(isRepeat(await open.service.takeBack(returned, from: try #require(Address(address)))) == false)
        }
        let status = await administration.perform(.recoveryStatus).items
        #expect(status.first?["state"]?.string == "recovering" && status.first?["returned"]?.integer == 3)
        #expect(status.first?["missing"]?.integer == 1 && status.first?["named"]?.integer == 1)
        let gap = try #require(status.first { $0["kind"]?.string == "missing" })
        let number = TestFolder.changes + 3
        #expect(gap["first"]?.integer == number && gap["last"]?.integer == number)
        #expect(gap["after"]?.string == Timestamp(milliseconds: Self.monday + 5_000).text)
        #expect(gap["before"]?.string == Timestamp(milliseconds: Self.monday + 7_000).text)
        let named = try #require(status.first { $0["kind"]?.string == "named" })
        #expect(named["id"]?.string == loss.lost.id.text && named["by"]?.string == loss.answer.id.text)
        #expect(count(status, "giver") == 2)

        let ended = await administration.perform(.recoveryEnd)
        #expect(ended.error == nil)
        #expect(ended.items.first?["regained"]?.integer == 2 && ended.items.first?["state"]?.string == "ended")
        let untaken = try #require(ended.items.first { $0["kind"]?.string == "untaken" })
        #expect(untaken["id"]?.string == loss.answer.id.text && untaken["code"]?.string == "letter-unknown")
        #expect(await administration.perform(.recoveryEnd).error?.code == .data)

        let mailbox = try #require(Mailbox("gm0503/formateur"))
        let page = try await open.service.journal.page(
            of: mailbox, after: 0, limit: PageLimit(records: 9, bytes: 1 << 20))
        #expect(page.entries.map(\.line) == [loss.kept, loss.first, loss.last].map { $0.line() })
        #expect(
            page.entries.map(\.receivedAt.milliseconds)
                == [Self.monday, Self.monday + 5_000, Self.monday + 8_000])
        // What is new is taken again: the lost letter too, from its author's outbox, and then the answer.
        for change in [loss.lost, loss.answer] {
            let answer = await open.service.sequencer.submit(change.line(), from: change.author)
            guard case .accepted(_, isRepeat: false) = answer else {
                Issue.record("\(answer)")
                continue
            }
        }
        #expect(await administration.perform(.verify).error == nil)
        try await open.close()
        // Everything about it stays for who wants to know.
        let names = try #require(try test.folder.entries())
        let folder = try #require(names.first { $0.hasPrefix("recovery-") })
        #expect(!names.contains("recovery"))
        #expect(access(test.folder.path + "/" + folder + "/report.json", F_OK) == 0)
        let reopened = try await Self.open(test.folder)
        #expect(reopened.service.recovery == nil)
        try await reopened.close()
    }

    @Test("isn't ended while nobody knows what was kept, and takes back again after a start") func failedFile()
        async throws
    {
        let loss = try await Loss()
        let test = try TestFolder()
        _ = try await loss.restore(to: test.folder)
        let path = RecoveryFolder(folder: test.folder).returned
        let formateur = try #require(Address("gm0503/formateur"))
        let (first, last) = (
            try loss.returned(loss.first, by: formateur.text), try loss.returned(loss.last, by: formateur.text)
        )
        var open = try await Self.open(test.folder)
        #expect(isRepeat(await open.service.takeBack(first, from: formateur)) == false)
        // A folder in its place: whatever is written fails.
        try FileManager.default.moveItem(atPath: path, toPath: path + "-away")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(code(await open.service.takeBack(last, from: formateur)) == .unavailable)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + "-away", toPath: path)
        var administration = Administration(open: open, running: nil, clock: SystemClock.now)
        #expect(await administration.perform(.recoveryEnd).error?.code == .temporary)
        #expect(open.service.recovery != nil)
        try await open.close()

        open = try await Self.open(test.folder)
        #expect(isRepeat(await open.service.takeBack(last, from: formateur)) == false)
        administration = Administration(open: open, running: nil, clock: SystemClock.now)
        #expect(await administration.perform(.recoveryEnd).items.first?["regained"]?.integer == 2)
        try await open.close()
    }

    @Test("takes nothing back once its end has begun, also after a start: it might have to stand before what is in")
    func interruptedEnd() async throws {
        let loss = try await Loss()
        let test = try TestFolder()
        _ = try await loss.restore(to: test.folder)
        let formateur = try #require(Address("gm0503/formateur"))
        let first = try loss.returned(loss.first, by: formateur.text)
        var open = try await Self.open(test.folder)
        let last = try loss.returned(loss.last, by: formateur.text)
        #expect(isRepeat(await open.service.takeBack(last, from: formateur)) == false)
        let folder = RecoveryFolder(folder: test.folder)
        let interrupted = Recovery(
            service: open.service, desk: try #require(open.service.recovery), close: { try folder.beginEnd() },
            finish: { _ in throw FileError(EIO, .write, "report.json") })
        await #expect(throws: FileError.self) { try await interrupted.end() }
        #expect(code(await open.service.takeBack(first, from: formateur)) == .unavailable)
        try await open.close()

        open = try await Self.open(test.folder)
        #expect(code(await open.service.takeBack(first, from: formateur)) == .unavailable)
        let administration = Administration(open: open, running: nil, clock: SystemClock.now)
        let ended = await administration.perform(.recoveryEnd)
        #expect(ended.items.first?["regained"]?.integer == 1 && ended.items.first?["missing"]?.integer == 3)
        let mailbox = Mailbox.address(formateur)
        let page = try await open.service.journal.page(
            of: mailbox, after: 0, limit: PageLimit(records: 9, bytes: 1 << 20))
        #expect(page.entries.map(\.line) == [loss.kept, loss.last].map { $0.line() })
        try await open.close()
    }

    @Test("is restored only where nothing is, from a whole folder, and with the key of its receipts") func guarded()
        async throws
    {
        let loss = try await Loss()
        await #expect { try await loss.restore(to: loss.original.folder) } throws: {
            ($0 as? OperatorError)?.code == .cannotCreate
        }
        let backup = DataFolder(path: loss.backup)
        let apart = loss.backup + "-key"
        try FileManager.default.moveItem(atPath: backup.receiptKey, toPath: apart)
        let test = try TestFolder()
        await #expect { try await loss.restore(to: test.folder) } throws: {
            ($0 as? OperatorError)?.code == .noInput
        }
        #expect(try test.folder.entries() == nil)
        #expect(try await loss.restore(to: test.folder, key: .file(apart))["recovering"]?.bool == true)
        // Without the key there is nothing to take back, and everything goes on under a new epoch.
        let without = try TestFolder()
        #expect(try await loss.restore(to: without.folder, key: .lost)["recovering"]?.bool == false)
        let open = try await Self.open(without.folder)
        #expect(open.service.recovery == nil)
        let returned = try loss.returned(loss.first, by: "gm0503/formateur")
        let formateur = try #require(Address("gm0503/formateur"))
        #expect(code(await open.service.takeBack(returned, from: formateur)) == .notRecovering)
        try await open.close()
        // A byte of a letter that isn't what it was stops the restore, and nothing appears.
        let segment = backup.journal + "/segments/000000000001.log"
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: segment)))
        let place = try #require(bytes.firstRange(of: Array("Dordrecht".utf8))?.lowerBound)
        bytes[place] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: segment))
        let third = try TestFolder()
        await #expect { try await loss.restore(to: third.folder, key: .file(apart)) } throws: {
            $0 is OperatorError
        }
        #expect(try third.folder.entries() == nil)
    }
}
