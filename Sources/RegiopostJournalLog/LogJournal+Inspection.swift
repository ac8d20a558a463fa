import RegiopostJournal

extension LogJournal: JournalInspection {
    /// How much there is. O(1).
    public func size() async throws(JournalError) -> JournalSize {
        try checkOpen()
        return engine.size
    }

    /// Walks the log from its beginning, chain and digests, and compares the index with one that is made from it
    /// anew, beside it. Takes as much room again as the index has, for as long as it lasts.
    public func verify() async throws(JournalError) -> JournalSize {
        try checkOpen()
        let (engine, folder, hash) = (engine, folder, hash)
        return try await blocking {
            try engine.indexAll()
            return try LogVerification(folder: folder, hash: hash).run()
        }
    }
}
