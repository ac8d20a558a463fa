import RegiopostCrypto
import RegiopostJournal
import RegiopostModel

/// Writes changes of the server's own to the directory: what its operator orders, and what is due.
struct DirectoryWriter: Sendable {
    /// No more is appended in one go; what is left comes with the next.
    static let mostDue = 1_000
    /// So many ids are tried where somebody else has taken one.
    static let mostIDs = 8

    let journal: any Journal
    let sequencer: Sequencer
    let server: Address
    let clock: @Sendable () -> Timestamp

    /// One entry to write.
    typealias Entry = (subject: SubjectID, body: ChangeBody)

    /// Writes entries. All changes are made and checked before the first is written, and they are written together.
    func write(_ entries: [Entry]) async throws(OperatorError) {
        do {
            var lines: [(SubjectID, [UInt8])] = []
            var last: [SubjectID: ChangeID] = [:]
            for entry in entries {
                var after = last[entry.subject]
                if after == nil { after = try await lastExact(of: entry.subject) }
                let change = Change(
                    id: ChangeID(time: clock(), random: (SystemRandom.word(), SystemRandom.word())),
                    subject: entry.subject, after: after, author: server, time: clock(),
                    type: entry.body.directoryType, body: entry.body)
                last[entry.subject] = change.id
                let line = change.line()
                // Whatever a server would refuse is found here, before anything is written.
                do throws(Refusal) {
                    _ = try Change(line: line)
                } catch {
                    throw Self.refused(entry.subject, error)
                }
                lines.append((entry.subject, line))
            }
            let answers = await sequencer.submit(lines.map { ($0.1, server, nil) })
            for (line, answer) in zip(lines, answers) {
                if case .refused(let refusal) = answer { throw Self.refused(line.0, refusal) }
            }
        } catch let error as OperatorError {
            throw error
        } catch let error as JournalError {
            throw OperatorError(error)
        } catch {
            throw OperatorError(.software, dutch: String(describing: error), english: String(describing: error))
        }
    }

    /// Appends all that is due, and answers it. Doing it twice, or being killed in between, writes nothing twice.
    @discardableResult
    func appendDue() async throws(OperatorError) -> [DueChange] {
        do {
            let today = DutchTime.date(of: clock())
            var written: [DueChange] = []
            // What is written can make more due: a mandate that begins may be over already.
            while written.count < Self.mostDue {
                let due = DueChange.all(in: try await SubjectCache.directory(of: journal), on: today)
                // One that was written and is due again, or one that is refused, waits for the next time.
                guard !due.isEmpty, !due.contains(where: written.contains) else { return written }
                for change in due {
                    guard try await append(change) else { return written }
                    written.append(change)
                }
            }
            return written
        } catch let error as JournalError {
            throw OperatorError(error)
        } catch {
            throw OperatorError(.software, dutch: String(describing: error), english: String(describing: error))
        }
    }

    /// Whether it is there now.
    private func append(_ due: DueChange) async throws -> Bool {
        let after = try await lastExact(of: due.subject)
        for number in 0..<Self.mostIDs {
            guard
                let change = due.change(after: after, by: server, number: number, digest: Service.digest)
            else { return false }
            switch await sequencer.submit(change.line(), from: server) {
            case .accepted: return true
            case .refused(let refusal) where refusal.code == .idTaken: continue
            case .refused: return false
            }
        }
        return false
    }

    private func lastExact(of id: SubjectID) async throws -> ChangeID? {
        var subject = Subject(id: id)
        for stored in try await journal.changes(of: id) {
            try subject.apply(try Change(line: stored.line), receivedAt: stored.receivedAt)
        }
        guard subject.unknownChanges == 0 else { throw Self.refused(id, Refusal(.unknownType)) }
        return subject.lastExact
    }

    private static func refused(_ subject: SubjectID, _ refusal: Refusal) -> OperatorError {
        let code: OperatorError.Code =
            switch refusal.code.retry {
            case .never: .data
            case .later: .unavailable
            case .afterSync: .temporary
            }
        return OperatorError(
            code, refusedPhrase,
            [
                "subject": subject.text, "reason": refusal.code.rawValue,
                "what": [refusal.details["field"], refusal.details["expected"]].compactMap(\.self)
                    .joined(separator: ": "),
            ])
    }

    private static let refusedPhrase = Phrase(
        dutch:
            "{subject} is niet bijgewerkt ({reason}; {what}). Wat al geladen was, blijft; voer het commando opnieuw uit.",
        english:
            "{subject} was not updated ({reason}; {what}). What was loaded before stays; run the command again.")
}
