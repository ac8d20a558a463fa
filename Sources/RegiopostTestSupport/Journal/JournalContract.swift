import RegiopostJournal
import RegiopostModel
import Testing

/// What every back end of the journal has to do. A back end's tests run all of it:
///
/// ```swift
/// @Test("keeps the contract", arguments: JournalContract.all) func contract(rule: JournalContract) async throws {
///     try await rule.check(InMemoryJournal(epoch: "first"))
/// }
/// ```
public struct JournalContract: Sendable, CustomTestStringConvertible {
    /// The rule, in words.
    public let testDescription: String
    /// Checks the rule on an empty journal and leaves it as it happens to be.
    public let check: @Sendable (any Journal) async throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (any Journal) async throws -> Void) {
        testDescription = description
        self.check = check
    }

    /// Every rule.
    public static var all: [JournalContract] { appending + delivering + filling + reading }
}

extension Journal {
    /// Appends proposals that all have to be written; their receipts, in order.
    @discardableResult
    public func appendAll(
        _ proposals: [Proposal], at location: SourceLocation = #_sourceLocation
    ) async throws -> [Receipt] {
        let outcomes = try await append(proposals)
        try #require(outcomes.count == proposals.count, sourceLocation: location)
        return try outcomes.map { outcome in
            guard case .appended(let receipt) = outcome else {
                Issue.record("not appended: \(outcome)", sourceLocation: location)
                throw JournalContractBroken()
            }
            return receipt
        }
    }

    /// The digests of all that a mailbox holds, in order; checks that positions have no holes.
    public func digests(in mailbox: Mailbox, at location: SourceLocation = #_sourceLocation) async throws
        -> [Digest]
    {
        let page = try await page(of: mailbox, after: 0, limit: PageLimit(records: 100_000, bytes: .max))
        #expect(page.entries.map(\.position) == Array(1..<(page.entries.count + 1)), sourceLocation: location)
        #expect(page.head == page.entries.count, sourceLocation: location)
        return page.entries.map(\.digest)
    }
}

/// Ends a check whose failure was recorded already.
struct JournalContractBroken: Error {}
