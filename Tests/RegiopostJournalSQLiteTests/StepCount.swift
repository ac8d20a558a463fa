import GRDB
import GRDBSQLite
import Synchronization

/// Counts the steps of SQLite's virtual machine on one connection: what a statement costs, the same on every machine.
final class StepCount: Sendable {
    private let count = Atomic(0)

    /// The steps so far.
    var steps: Int { count.load(ordering: .relaxed) }

    /// Begins to count. The count has to outlive the counting.
    func start(on database: Database) {
        sqlite3_progress_handler(
            database.sqliteConnection, 1,
            { context in
                guard let context else { return 0 }
                Unmanaged<StepCount>.fromOpaque(context).takeUnretainedValue().count.add(1, ordering: .relaxed)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Ends it.
    func stop(on database: Database) {
        sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil)
    }
}
