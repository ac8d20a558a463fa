/// Whether what a change of the directory says fits its subject and the rest of the directory.
enum DirectoryConsistency {
    static func check(_ change: Change, _ directory: Directory) throws(Refusal) {
        switch change.body {
        case .organisationSet(let organisation):
            try same(.organisation(organisation.code), change.subject)
            try end(of: organisation)
        case .organisationMerge(let merger):
            try same(.organisation(merger.into), change.subject)
            try merge(merger, directory)
        case .regionSet(let region): try same(.region(region.name), change.subject)
        case .mandateSet(let mandate):
            try same(.mandate(mandate.address), change.subject)
            if let until = mandate.until, until < mandate.from {
                throw Refusal(.badField, ["field": "body.until", "expected": "a day not before from"])
            }
            try successor(mandate.successor, of: mandate.address, directory)
        case .mandateStart(let address, _): try same(.mandate(address), change.subject)
        case .mandateEnd(let end):
            try same(.mandate(end.address), change.subject)
            try successor(end.successor, of: end.address, directory)
        default: break
        }
    }

    /// A last day and who takes over then belong together.
    private static func end(of organisation: Organisation) throws(Refusal) {
        guard (organisation.until == nil) == (organisation.successor == nil),
            organisation.successor != organisation.code
        else {
            throw Refusal(
                .badField, ["field": "body.successor", "expected": "another organisation, together with until"])
        }
    }

    private static func merge(_ merger: Merger, _ directory: Directory) throws(Refusal) {
        let all = merger.organisations + [merger.into]
        guard Set(all).count == all.count, all.allSatisfy({ $0.kind == .municipality }) else {
            throw Refusal(
                .badField,
                ["field": "body.organisations", "expected": "municipalities other than the new one, each once"])
        }
        for code in all {
            guard directory.organisations[code] != nil else {
                throw Refusal(.unknownOrganisation, ["organisation": code.text])
            }
            if let refusal = directory.abolished(code) { throw refusal }
        }
    }

    /// Who takes over is somebody else at the same organisation, and may read all that the old address has read.
    private static func successor(
        _ successor: Address, of address: Address, _ directory: Directory
    ) throws(Refusal) {
        let isNear = directory.holder(of: address.organisation) == directory.holder(of: successor.organisation)
        guard successor != address, isNear, address.role != .regiopostd, successor.role != .regiopostd else {
            throw Refusal(
                .badField,
                [
                    "field": "body.successor", "expected": "another address of the same organisation",
                    "found": successor.text,
                ])
        }
        try Consistency.cleared([successor], for: address.role.clearance)
    }

    private static func same(_ expected: SubjectID, _ subject: SubjectID) throws(Refusal) {
        guard expected == subject else {
            throw Refusal(.subjectMismatch, ["expected": expected.text, "subject": subject.text])
        }
    }
}
