import RegiopostJournal

/// Where records lie whose sequences only grow, as those in a mailbox do. Most of them lie side by side: then the next one is
/// the next row, which takes no search.
struct PlaceWalk: ~Copyable {
    /// Over so few rows it is sooner to go than to search.
    private static let near = 8

    private let statement: IndexStatement
    /// The sequence of the row where the statement stands; 0 where it stands nowhere.
    private var sequence = 0

    init(_ connection: IndexConnection) throws(JournalError) { statement = try connection.statement(.changes) }

    deinit { statement.reset() }

    /// Where a record lies; throws `corrupt` where the index doesn't have it. O(1) close behind the last one, else O(log n).
    mutating func place(of wanted: Int) throws(JournalError) -> StoredPlace {
        if sequence == 0 || wanted < sequence || wanted - sequence > Self.near {
            statement.reset()
            statement.bind(1, wanted)
            try step()
        }
        while sequence < wanted { try step() }
        guard sequence == wanted else { throw IndexConnection.strange() }
        return StoredPlace(row: statement)
    }

    private mutating func step() throws(JournalError) {
        sequence = 0
        guard try statement.step() else { throw IndexConnection.strange() }
        sequence = statement.integer(6)
    }
}

extension StoredPlace {
    /// From a row of `change`, with the columns of its statements.
    init(row: IndexStatement) {
        self.init(
            place: LogPlace(packed: row.integer(0)), headBytes: row.integer(1), textBytes: row.integer(2),
            subject: row.integer(3), number: row.integer(4), previous: row.integer(5))
    }
}
