import RegiopostClient
import RegiopostModel

/// What a restore from backup took away, and what was given back of it while the server recovered.
struct Loss {
    /// How many changes the backup has: what was lost has the numbers after it.
    let records: Int
    let lost: [Witness.Committed]
    let numbers: [ChangeID: Int]
    /// Whether the server recovers: it takes what it lost, and nothing new.
    var isRecovering: Bool
    /// What clients have the server's word for.
    var kept: Set<ChangeID> = []
    /// What stands in the journal again, by its old numbers, in the order it was taken in.
    var takenIn: [Int] = []

    init(of committed: [Witness.Committed], after records: Int, isRecovering: Bool) {
        self.records = records
        self.isRecovering = isRecovering
        lost = Array(committed.dropFirst(records))
        numbers = Dictionary(
            uniqueKeysWithValues: lost.enumerated().map { ($1.record.id, records + 1 + $0) })
    }

    /// The change of that line, if it was lost.
    func find(_ line: [UInt8], _ receivedAt: Timestamp) -> Witness.Committed? {
        lost.first { $0.record.line == line && $0.record.receivedAt == receivedAt }
    }

    /// What has to be there again when those are given back: all whose past is whole. Where something earlier on the same
    /// subject or on one that it rests on is missing, or anything of the directory, the rules decide, and nothing is said here.
    func due(of returned: Set<ChangeID>, in backup: Set<ChangeID>) -> [Witness.Committed] {
        var due: [Witness.Committed] = []
        var there = backup
        var broken: Set<SubjectID> = []
        var subjects: [ChangeID: SubjectID] = [:]
        for item in lost {
            let id = item.record.id
            subjects[id] = item.record.subject
            guard let change = item.change, change.type != nil, returned.contains(id),
                rests(change).allSatisfy({ !broken.contains($0) }),
                named(change).allSatisfy({ there.contains($0) && !(subjects[$0].map(broken.contains) ?? false) })
            else {
                if item.record.subject.isInDirectory { return due }
                broken.insert(item.record.subject)
                continue
            }
            there.insert(id)
            due.append(item)
        }
        return due
    }

    private func named(_ change: Change) -> [ChangeID] {
        change.needs + [change.after, change.takenFrom].compactMap(\.self)
    }

    /// The subjects whose state decides about a change, written down a second time from the domain's words.
    private func rests(_ change: Change) -> [SubjectID] {
        var subjects = [change.subject]
        switch change.subject {
        case .receipt(let letter, _), .response(let letter, _), .term(let letter, _), .joint(let letter):
            subjects.append(.letter(letter))
        default: break
        }
        switch change.body {
        case .agreementRecord(let content): subjects.append(.meeting(content.meeting))
        case .draftSave(let content):
            if let letter = content.answer?.letter { subjects.append(.letter(letter)) }
        default: break
        }
        return subjects
    }
}
