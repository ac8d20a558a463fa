import RegiopostModel

extension SyncEngine {
    // MARK: Sending

    /// Sends what of these files isn't at the server yet, going on where an earlier sync was cut off.
    ///
    /// - Returns: the first refusal; `held` where all are there.
    func upload(_ cited: [FileReference]) async throws(ClientError) -> UploadAnswer {
        for file in cited {
            guard case .refused(let refusal, let retry) = try await upload(file) else { continue }
            return .refused(Refusal(refusal.code, refusal.details.merging(["name": file.name]) { $1 }), retry)
        }
        return .held(0, isComplete: true)
    }

    private func upload(_ file: FileReference) async throws(ClientError) -> UploadAnswer {
        // A server that knows no files would take the change and never have them.
        guard let piece = connection.pieceLimit else { return .refused(Refusal(.unavailable), .later) }
        var answer = try await connection.offer(file)
        var isChecked = false
        var misplaced = 0
        while case .held(let offset, false) = answer {
            if !isChecked, let refusal = try await files.fault(of: file) { return .refused(refusal, .never) }
            isChecked = true
            let bytes = try await files.read(file, at: offset, count: min(piece, Self.piece))
            guard !bytes.isEmpty else { throw ClientError(.protocolBroken, ["reason": "offset"]) }
            answer = try await connection.upload(bytes, of: file, at: offset)
            switch answer {
            case .held(let next, _) where next <= offset:
                throw ClientError(.protocolBroken, ["reason": "offset"])
            case .refused(let refusal, _) where refusal.code == .blobOffset && misplaced < 3:
                // Another sync of the same address sends it too.
                misplaced += 1
                answer = try await connection.offer(file)
            default: break
            }
        }
        return answer
    }

    /// How many bytes of a file are read and sent at once, where the server takes as many.
    static let piece = 1 << 20

    // MARK: Fetching

    /// Fetches the files that these changes cite and that aren't here, the newest first, up to the limit; whose files are all here
    /// by then isn't asked for again.
    func fetchFiles(of entries: [ReplicaEntry], into report: inout SyncReport) async throws(ClientError) {
        guard connection.pieceLimit != nil else { return }
        var room = fetchLimit
        var isHere: [Digest: Bool] = [:]
        var complete: [ChangeID] = []
        for change in Self.citing(entries) {
            for file in change.body.files where isHere[file.digest] == nil {
                isHere[file.digest] = try await take(file, &room, into: &report)
            }
            if change.body.files.allSatisfy({ isHere[$0.digest] == true }) { complete.append(change.id) }
        }
        try await store.noteFilesHere(complete)
    }

    /// Fetches a file where there is room for what is missing of it; whether it is here then.
    private func take(
        _ file: FileReference, _ room: inout Int, into report: inout SyncReport
    ) async throws(ClientError) -> Bool {
        if try await files.has(file) { return true }
        let missing = file.size - (try await files.fetchedBytes(of: file))
        guard missing <= room else {
            report.left.append(file)
            return false
        }
        room -= missing
        guard try await fetch(file) == nil else {
            report.notGiven.append(file)
            return false
        }
        report.fetched.append(file)
        return true
    }

    /// The files that changes cite, newest change first. O(bytes).
    static func cited(by entries: [ReplicaEntry]) -> [FileReference] { citing(entries).flatMap(\.body.files) }

    /// The changes that cite files, newest first. O(bytes).
    private static func citing(_ entries: [ReplicaEntry]) -> [Change] {
        entries.reversed().compactMap { try? Change(line: $0.line) }.filter { !$0.body.files.isEmpty }
    }

    /// Fetches one file, going on where an earlier attempt was cut off. It counts as here only when its digest was checked.
    ///
    /// - Returns: why the server didn't give it, `nil` where it is here now.
    public func fetch(_ file: FileReference) async throws(ClientError) -> Refusal? {
        var isFresh = false
        while try await !files.has(file) {
            let offset = try await files.fetchedBytes(of: file)
            if offset == 0 { isFresh = true }
            if offset < file.size {
                let piece = await connection.fetch(file.digest, from: offset)
                try await files.append(piece.bytes, to: file, at: offset)
                if let failure = piece.failure { throw failure }
                if let refusal = piece.refusal { return refusal }
                guard piece.size == file.size, !piece.bytes.isEmpty else {
                    return Refusal(.blobMismatch, Self.name(file))
                }
                continue
            }
            // What was begun before a power cut may have become anything: once, it is fetched anew.
            guard try await files.settle(file) || !isFresh else { return Refusal(.blobMismatch, Self.name(file)) }
        }
        return nil
    }

    private static func name(_ file: FileReference) -> [String: String] { ["name": file.name] }
}
