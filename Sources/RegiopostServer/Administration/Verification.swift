import RegiopostCrypto
import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// Has the journal check its own files, then reads every mailbox that anybody can have and checks what is there: positions without holes, digests that are those of
/// the lines, lines that are changes, receipts that agree, files that are what changes
/// cite. Costs by all that is stored; changes nothing.
struct Verification {
    let administration: Administration

    private struct Count {
        var mailboxes = 0
        var entries = 0
        var files = 0
        var faults: [JSONValue] = []
    }

    /// No more faults are listed.
    private static let maximumFaults = 100

    func run() async throws -> AdministrationReply {
        var count = Count()
        let size = try await checkJournal(&count)
        for mailbox in try await mailboxes() {
            try await check(mailbox, &count)
            if count.faults.count >= Self.maximumFaults { break }
        }
        try await checkFiles(&count)
        let summary = JSONValue.object([
            "mailboxes": .number(count.mailboxes), "entries": .number(count.entries),
            "records": size.map { .number($0.records) }, "segments": size.map { .number($0.segments) },
            "files": .number(count.files), "faults": .number(count.faults.count),
        ])
        guard count.faults.isEmpty else {
            let error = OperatorError(.io, Self.damaged, ["count": String(count.faults.count)])
            return AdministrationReply(items: count.faults + [summary], error: error)
        }
        return AdministrationReply(items: [summary])
    }

    /// What the back end finds in its own files.
    private func checkJournal(_ count: inout Count) async throws -> JournalSize? {
        do throws(JournalError) {
            return try await administration.open.storage.inspection?.verify()
        } catch {
            guard error.code == .corrupt else { throw error }
            count.faults.append(.object(["fault": .string("journal"), "reason": .string(error.sentence)]))
            return nil
        }
    }

    /// The directory's, and those of every address that the directory makes possible or that got a certificate.
    private func mailboxes() async throws -> [Mailbox] {
        let directory = try await SubjectCache.directory(of: administration.journal)
        var addresses = Set(try await administration.enrolment.certificates().map(\.address))
        for code in directory.organisations.keys {
            let roles = Role.names(at: code.kind).compactMap(Role.init(_:))
            addresses.formUnion(roles.compactMap { Address(organisation: code, role: $0) })
        }
        addresses.formUnion(directory.regions.values.compactMap(\.accounthouder))
        return [.directory] + addresses.sorted().map(Mailbox.address)
    }

    private func check(_ mailbox: Mailbox, _ count: inout Count) async throws {
        var position = 0
        while true {
            let page = try await administration.journal.page(
                of: mailbox, after: position, limit: PageLimit(records: 500, bytes: 4 << 20))
            for entry in page.entries {
                position += 1
                count.entries += 1
                if let fault = try await fault(of: entry, at: position) {
                    count.faults.append(
                        .object([
                            "mailbox": .string(mailbox.text), "position": .number(position),
                            "fault": .string(fault),
                        ]))
                    guard count.faults.count < Self.maximumFaults else { return }
                }
                // A hole would shift everything after it.
                position = max(position, entry.position)
            }
            if page.entries.isEmpty || position >= page.head { break }
        }
        if position > 0 { count.mailboxes += 1 }
    }

    private func fault(of entry: MailboxEntry, at position: Int) async throws -> String? {
        guard entry.position == position else { return "position" }
        guard Service.digest(entry.line) == entry.digest else { return "digest" }
        guard let change = try? Change(line: entry.line) else { return "line" }
        guard let stored = try await administration.journal.receipt(of: change.id) else { return "receipt" }
        guard stored.receipt.digest == entry.digest, stored.subject == change.subject else { return "receipt" }
        return try await faultOfFiles(change)
    }

    /// Every file that a change cites is there, and is found by its digest.
    private func faultOfFiles(_ change: Change) async throws -> String? {
        for file in change.body.files {
            guard try await administration.journal.subjects(citing: file.digest).contains(change.subject) else {
                return "citation"
            }
            let found = try await administration.open.service.blobs.standing(of: file, for: change.author)
            guard found.size == file.size else { return "file" }
        }
        return nil
    }

    /// Reads every file and checks that it is what it is called after. O(bytes).
    private func checkFiles(_ count: inout Count) async throws {
        let found = try await administration.open.service.blobs.damaged()
        count.files = found.count
        for digest in found.damaged.prefix(max(Self.maximumFaults - count.faults.count, 0)) {
            count.faults.append(.object(["file": .string(digest.text), "fault": .string("digest")]))
        }
    }

    private static let damaged = Phrase(
        dutch: "Het journaal is beschadigd: {count} fouten. Er is niets gewijzigd. Stop de server en zet de "
            + "gegevensmap terug uit een back-up.",
        english:
            "The journal is damaged: {count} faults. Nothing was changed. Stop the server and restore the data "
            + "folder from a backup.")
}
