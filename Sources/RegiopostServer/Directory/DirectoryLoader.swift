import RegiopostCrypto
import RegiopostJournal
import RegiopostModel

/// Brings the directory to what the files say, by changes of the server's own.
struct DirectoryLoader {
    let journal: any Journal
    let sequencer: Sequencer
    let server: Address
    let clock: @Sendable () -> Timestamp

    /// Writes what differs and answers what was done. All changes are made and checked before the first is written, and
    /// they are written together.
    func load(_ files: DirectoryFiles) async throws(OperatorError) -> [DirectoryUpdate] {
        do {
            let directory = try await SubjectCache.directory(of: journal)
            let updates = DirectoryUpdate.difference(from: directory, to: files)
            var lines: [(SubjectID, [UInt8])] = []
            for update in updates {
                if let change = try await change(for: update) { lines.append((update.subject, change)) }
            }
            let answers = await submit(lines.map(\.1))
            for (line, answer) in zip(lines, answers) { try Self.check(answer, of: line.0) }
            return updates
        } catch let error as OperatorError {
            throw error
        } catch let error as JournalError {
            throw OperatorError(error)
        } catch {
            throw OperatorError(.software, dutch: String(describing: error), english: String(describing: error))
        }
    }

    private func change(for update: DirectoryUpdate) async throws -> [UInt8]? {
        guard let body = update.body else { return nil }
        let type: ChangeType = if case .regionSet = body { .regionSet } else { .organisationSet }
        let change = Change(
            id: ChangeID(time: clock(), random: (SystemRandom.word(), SystemRandom.word())),
            subject: update.subject, after: try await lastExact(of: update.subject), author: server, time: clock(),
            type: type, body: body)
        let line = change.line()
        // Whatever a server would refuse is found here, before anything is written.
        do throws(Refusal) {
            _ = try Change(line: line)
        } catch {
            throw Self.refused(update.subject, error)
        }
        return line
    }

    private func lastExact(of id: SubjectID) async throws -> ChangeID? {
        var subject = Subject(id: id)
        for stored in try await journal.changes(of: id) {
            try subject.apply(try Change(line: stored.line), receivedAt: stored.receivedAt)
        }
        guard subject.unknownChanges == 0 else { throw Self.refused(id, Refusal(.unknownType)) }
        return subject.lastExact
    }

    /// Queues all at once, so that they share a write, and waits for the answers in order.
    private func submit(_ lines: [[UInt8]]) async -> [Submission.Answer] {
        let (stream, feed) = AsyncStream.makeStream(of: (Int, Submission.Answer).self)
        for (index, line) in lines.enumerated() {
            sequencer.enqueue(Submission(line: line, address: server) { feed.yield((index, $0)) })
        }
        var answers: [Int: Submission.Answer] = [:]
        if lines.isEmpty { return [] }
        for await (index, answer) in stream {
            answers[index] = answer
            if answers.count == lines.count { break }
        }
        return lines.indices.compactMap { answers[$0] }
    }

    private static func check(_ answer: Submission.Answer, of subject: SubjectID) throws(OperatorError) {
        if case .refused(let refusal) = answer { throw refused(subject, refusal) }
    }

    private static func refused(_ subject: SubjectID, _ refusal: Refusal) -> OperatorError {
        let code: OperatorError.Code =
            switch refusal.code.retry {
            case .never: .data
            case .later: .unavailable
            case .afterSync: .temporary
            }
        return OperatorError(
            code, refusedPhrase, ["subject": subject.text, "reason": refusal.code.rawValue])
    }

    private static let refusedPhrase = Phrase(
        dutch:
            "{subject} is niet bijgewerkt ({reason}). Wat al geladen was, blijft; voer het commando opnieuw uit.",
        english: "{subject} was not updated ({reason}). What was loaded before stays; run the command again.")
}
