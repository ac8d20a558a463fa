import RegiopostJournal
import RegiopostModel
import Synchronization

/// Writes `receipt.delivered` for letters that a client has shown to hold, once each.
///
/// The ids are derived from letter, address and a secret of this server's, so that running twice writes once and nobody
/// else can take an id first. How far each mailbox was looked
/// through is kept, so that every entry is looked at once, and again only after a restart that lost count.
actor DeliveryRecorder {
    private let journal: any Journal
    private let settings: any SettingStore
    private let sequencer: Sequencer
    private let server: Address
    private let directory: DirectoryReader
    private let clock: @Sendable () -> Timestamp
    private let digest: @Sendable ([UInt8]) -> Digest
    private let random: @Sendable () -> [UInt8]
    private var secret: [UInt8]?
    /// What was served to whom, and not shown to have arrived yet.
    nonisolated let served = ServedPages()
    /// How far each mailbox was looked through, as far as this process knows.
    private nonisolated let lookedThrough = Mutex<[Address: Int]>([:])
    /// How far each mailbox is to be looked through; an address is here while somebody is at it.
    private var wanted: [Address: Int] = [:]

    /// - Parameter random: 32 bytes that nobody can guess, for the secret of a new server.
    init(
        journal: any Journal, settings: any SettingStore, sequencer: Sequencer, server: Address,
        directory: DirectoryReader, clock: @escaping @Sendable () -> Timestamp,
        digest: @escaping @Sendable ([UInt8]) -> Digest,
        random: @escaping @Sendable () -> [UInt8]
    ) {
        self.journal = journal
        self.settings = settings
        self.sequencer = sequencer
        self.server = server
        self.directory = directory
        self.clock = clock
        self.digest = digest
        self.random = random
    }

    /// Whether nothing is due for a client that holds its mailbox up to a position. O(1).
    nonisolated func isLookedThrough(_ address: Address, upTo position: Int) -> Bool {
        lookedThrough.withLock { $0[address] ?? 0 } >= position
    }

    /// Notes that a client of the address holds its mailbox up to a position, which the caller has checked. Costs by
    /// the entries since the last time. Where one is at it already, that one goes on to the farther position.
    func record(_ address: Address, upTo position: Int) async throws(JournalError) {
        if let farthest = wanted[address] {
            wanted[address] = max(farthest, position)
            return
        }
        wanted[address] = position
        defer { wanted[address] = nil }
        let secret = try await secret()
        let from = try await start(address)
        let directory = try await directory.current()
        var place = from
        var hasWritten = false
        while let farthest = wanted[address], place < farthest {
            let (lines, last) = try await candidates(in: address, after: place, upTo: farthest)
            guard let last else { break }
            for line in lines {
                for receipt in Self.receipts(of: line, reaching: address, directory) {
                    guard await write(receipt, secret) else { return }
                    hasWritten = true
                }
            }
            place = last
            lookedThrough.withLock { $0[address] = last }
        }
        // Without news the count may be lost at no cost but reading again.
        if hasWritten || place - from > 1_000 {
            try await settings.set(Self.setting(address), to: Array(String(place).utf8))
        }
    }

    /// The lines after a position that may publish letters, and up to where there are no others; `nil` where nothing comes
    /// after it. What was served is not read once more, but for these.
    private func candidates(
        in address: Address, after place: Int, upTo farthest: Int
    ) async throws(JournalError) -> (lines: [[UInt8]], last: Int?) {
        if let positions = served.candidates(of: address, after: place, upTo: farthest) {
            var lines: [[UInt8]] = []
            for position in positions {
                let page = try await journal.page(
                    of: .address(address), after: position - 1, limit: PageLimit(records: 1, bytes: 0))
                lines += page.entries.map(\.line)
            }
            return (lines, farthest)
        }
        let page = try await journal.page(
            of: .address(address), after: place, limit: PageLimit(records: 500, bytes: 1 << 20))
        let entries = page.entries.filter { $0.position <= farthest }
        return (entries.map(\.line).filter(ServedPages.mayPublish), entries.last?.position)
    }

    private func secret() async throws(JournalError) -> [UInt8] {
        if let secret { return secret }
        let name = "delivery-secret"
        if let known = try await settings.setting(name) {
            secret = known
            return known
        }
        let made = random()
        // Somebody may have come first while this waited.
        if let secret { return secret }
        secret = made
        try await settings.set(name, to: made)
        return made
    }

    private func start(_ address: Address) async throws(JournalError) -> Int {
        if let known = lookedThrough.withLock({ $0[address] }) { return known }
        let stored = try await settings.setting(Self.setting(address))
        return stored.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    private static func setting(_ address: Address) -> String { "delivered/" + address.text }

    /// A letter that reached somebody whom it was sent or copied to, or whoever has that one's work now.
    private struct Delivery {
        let letter: ChangeID
        let route: Route
        let address: Address
    }

    /// The receipts that are due where the line has reached an address: none, its own, and those of whom it succeeded.
    private static func receipts(
        of line: [UInt8], reaching address: Address, _ directory: Directory
    ) -> [Delivery] {
        guard let change = try? Change(line: line), case .letterPublish(let content) = change.body else {
            return []
        }
        let route = Route(sender: change.author, region: content.region)
        return (content.recipients + content.copies).filter { directory.holder(of: $0) == address }.map {
            Delivery(letter: change.id, route: route, address: $0)
        }
    }

    /// Writes the receipt; `false` where that can't be done now, and has to be tried again. The one of an earlier run,
    /// written at another moment, counts as done.
    private func write(_ delivery: Delivery, _ secret: [UInt8]) async -> Bool {
        let (letter, address) = (delivery.letter, delivery.address)
        let seed = Array("receipt.delivered\n\(letter)\n\(address)\n".utf8) + secret
        guard let id = ChangeID(digest: digest(seed).bytes) else { return false }
        let change = Change(
            id: id, subject: .receipt(letter: letter, address: address), after: nil, author: server,
            time: clock(),
            type: .receiptDelivered, body: .receiptDelivered(delivery.route))
        switch await sequencer.submit(change.line(), from: server) {
        case .accepted: return true
        case .refused(let refusal): return refusal.code.retry != .later
        }
    }
}
