import RegiopostModel

/// A change that the server owes because a day has come: a mandate that begins or ends, a merger.
///
/// It follows from the directory and the day alone, and so do its id and its time, so that it is written once however
/// often it is found due.
struct DueChange: Equatable {
    /// What it is about.
    let subject: SubjectID
    /// What it says.
    let body: ChangeBody
    /// The day at whose beginning it was due.
    let day: CalendarDate
    /// The plan that it follows from, as the id is derived from it.
    let cause: String

    /// All that is due on a day: what was due first comes first. O(mandates + organisations).
    static func all(in directory: Directory, on today: CalendarDate) -> [DueChange] {
        (mandates(directory, today) + mergers(directory, today)).sorted {
            ($0.day, $0.subject.text) < ($1.day, $1.subject.text)
        }
    }

    private static func mandates(_ directory: Directory, _ today: CalendarDate) -> [DueChange] {
        directory.mandates.values.compactMap { mandate in
            guard mandate.isPlanOpen, let plan = mandate.plan, let id = mandate.plannedBy else { return nil }
            if mandate.status == .running {
                guard let until = plan.until, until < today else { return nil }
                let end = MandateEnd(address: plan.address, on: until, successor: plan.successor)
                return DueChange(
                    subject: .mandate(plan.address), body: .mandateEnd(end), day: until.next, cause: id.text)
            }
            guard plan.from <= today else { return nil }
            return DueChange(
                subject: .mandate(plan.address), body: .mandateStart(address: plan.address, on: plan.from),
                day: plan.from, cause: id.text)
        }
    }

    /// Those that end in the same organisation on the same day are one merger.
    private static func mergers(_ directory: Directory, _ today: CalendarDate) -> [DueChange] {
        struct End: Hashable {
            let into: OrganisationCode
            let until: CalendarDate
        }
        var ends: [End: [OrganisationCode]] = [:]
        for organisation in directory.organisations.values where directory.mergers[organisation.code] == nil {
            guard let until = organisation.until, until < today, let successor = organisation.successor,
                directory.organisations[successor] != nil
            else { continue }
            let into = directory.holder(of: successor)
            guard into != organisation.code else { continue }
            ends[End(into: into, until: until), default: []].append(organisation.code)
        }
        return ends.map { end, codes in
            let merger = Merger(organisations: codes.sorted(), into: end.into, from: end.until.next)
            return DueChange(
                subject: .organisation(end.into), body: .organisationMerge(merger), day: merger.from,
                cause: (merger.organisations + [merger.into]).map(\.text).joined(separator: "\n"))
        }
    }

    /// The change, with the id that its plan always gives it.
    ///
    /// - Parameters:
    ///   - number: 0, or the next one where somebody else has taken the id.
    ///   - digest: SHA-256.
    func change(
        after: ChangeID?, by server: Address, number: Int, digest: ([UInt8]) -> Digest
    ) -> Change? {
        let seed = "\(body.directoryType.rawValue)\n\(subject.text)\n\(cause)\n\(number)"
        guard let id = ChangeID(digest: digest(Array(seed.utf8)).bytes) else { return nil }
        return Change(
            id: id, subject: subject, after: after, author: server, time: DutchTime.start(of: day),
            type: body.directoryType, body: body)
    }
}

extension CalendarDate {
    /// The day after.
    var next: CalendarDate { CalendarDate(daysSince1970: daysSince1970 + 1) }
    /// The day before.
    var previous: CalendarDate { CalendarDate(daysSince1970: daysSince1970 - 1) }
}

extension ChangeBody {
    /// The type of a change of the directory that says this.
    var directoryType: ChangeType {
        switch self {
        case .regionSet: .regionSet
        case .regionHandover: .regionHandover
        case .organisationMerge: .organisationMerge
        case .mandateSet: .mandateSet
        case .mandateStart: .mandateStart
        case .mandateEnd: .mandateEnd
        default: .organisationSet
        }
    }
}
