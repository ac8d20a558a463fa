import RegiopostJournal
import RegiopostModel

/// Writes `receipt.delivered` for letters that a client has shown to hold, once each.
///
/// The ids are derived from letter and address, so that running twice writes once. How far each mailbox was looked
/// through is kept, so that every entry is looked at once, and again only after a restart that lost count.
actor DeliveryRecorder {
    private let journal: any Journal
    private let settings: any SettingStore
    private let sequencer: Sequencer
    private let server: Address
    private let clock: @Sendable () -> Timestamp
    private let digest: @Sendable ([UInt8]) -> Digest
    private var lookedThrough: [Address: Int] = [:]
    private var busy: Set<Address> = []

    init(
        journal: any Journal, settings: any SettingStore, sequencer: Sequencer, server: Address,
        clock: @escaping @Sendable () -> Timestamp, digest: @escaping @Sendable ([UInt8]) -> Digest
    ) {
        self.journal = journal
        self.settings = settings
        self.sequencer = sequencer
        self.server = server
        self.clock = clock
        self.digest = digest
    }

    /// Notes that a client of the address holds its mailbox up to a position, which the caller has checked. Costs by
    /// the entries since the last time.
    func record(_ address: Address, upTo position: Int) async throws(JournalError) {
        // Whoever comes while one is at it is served by the next presentation of a cursor.
        guard busy.insert(address).inserted else { return }
        defer { busy.remove(address) }
        let from = try await start(address)
        var place = from
        var hasWritten = false
        while place < position {
            let page = try await journal.page(
                of: .address(address), after: place, limit: PageLimit(records: 500, bytes: 1 << 20))
            let entries = page.entries.filter { $0.position <= position }
            guard let last = entries.last?.position else { break }
            for entry in entries {
                guard let letter = Self.letter(entry.line, to: address) else { continue }
                guard await write(letter, address) else { return }
                hasWritten = true
            }
            place = last
        }
        lookedThrough[address] = place
        // Without news the count may be lost at no cost but reading again.
        if hasWritten || place - from > 1_000 {
            try await settings.set(Self.setting(address), to: Array(String(place).utf8))
        }
    }

    private func start(_ address: Address) async throws(JournalError) -> Int {
        if let known = lookedThrough[address] { return known }
        let stored = try await settings.setting(Self.setting(address))
        return stored.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    private static func setting(_ address: Address) -> String { "delivered/" + address.text }

    /// The letter and where it came from, if the line is one that the address gets a receipt of.
    private static func letter(_ line: [UInt8], to address: Address) -> (id: ChangeID, route: Route)? {
        guard let change = try? Change(line: line), case .letterPublish(let content) = change.body,
            (content.recipients + content.copies).contains(address)
        else { return nil }
        return (change.id, Route(sender: change.author, region: content.region))
    }

    /// Writes the receipt; `false` where that can't be done now. The one of an earlier run counts as done. An id that
    /// somebody else took, who knew how it would be derived, is passed over for the next.
    private func write(_ letter: (id: ChangeID, route: Route), _ address: Address) async -> Bool {
        for attempt in 0..<16 {
            let seed = "receipt.delivered\n\(letter.id)\n\(address)\n\(attempt)"
            guard let id = ChangeID(digest: digest(Array(seed.utf8)).bytes) else { return false }
            let change = Change(
                id: id, subject: .receipt(letter: letter.id, address: address), after: nil, author: server,
                time: clock(), type: .receiptDelivered, body: .receiptDelivered(letter.route))
            switch await sequencer.submit(change.line(), from: server) {
            case .accepted: return true
            case .refused(let refusal):
                guard refusal.code == .idTaken else { return false }
                // Only its own author is shown the receipt.
                if refusal.details["position"] != nil { return true }
            }
        }
        return false
    }
}
