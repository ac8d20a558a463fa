import RegiopostJSON
import RegiopostModel

extension DirectoryClerk {
    func setOrganisation(_ order: DirectoryOrder) async throws -> [JSONValue] {
        let directory = try await writer.directory()
        let code = try code(order.names.first ?? "")
        let known = directory.organisations[code]
        guard let name = order.options["name"] ?? known?.name else {
            throw OperatorError(.usage, Self.nameMissing, ["code": code.text])
        }
        let ordered = try memberships(order, directory)
        let named = Set(ordered.map(\.classification))
        let kept = (known?.memberships ?? []).filter { !named.contains($0.classification) }
        let organisation = Organisation(
            code: code, name: name, shortName: order.options["short-name"] ?? known?.shortName ?? name,
            memberships: kept + ordered.filter { !$0.region.isEmpty }, until: known?.until,
            successor: known?.successor)
        try await writer.write([(.organisation(code), .organisationSet(organisation))])
        return [Self.json(organisation, in: try await writer.directory())]
    }

    /// Plans a merger: the old organisations get a last day and a successor, and the new one is made where it isn't there
    /// yet. What is due of it happens at once.
    func merge(_ order: DirectoryOrder) async throws -> [JSONValue] {
        let directory = try await writer.directory()
        let lookup = AddressLookup(directory: directory, province: province)
        guard let from = try date("from", in: order), let text = order.options["into"], !order.names.isEmpty else {
            throw OperatorError(.usage, Self.mergeIncomplete)
        }
        let old = try order.names.map { try lookup.known($0) }
        let into = try code(text)
        for organisation in old {
            guard let refusal = directory.abolished(organisation.code) else { continue }
            throw OperatorError(.data, RefusalCode.organisationAbolished.phrase, refusal.details)
        }
        guard !old.contains(where: { $0.code == into }), Set(old.map(\.code)).count == old.count,
            into.kind == .municipality, old.allSatisfy({ $0.code.kind == .municipality })
        else { throw OperatorError(.data, Self.notMergeable, ["into": into.text]) }
        var entries: [DirectoryWriter.Entry] = []
        if directory.organisations[into] == nil {
            guard let name = order.options["name"] else {
                throw OperatorError(.usage, Self.nameMissing, ["code": into.text])
            }
            let new = Organisation(
                code: into, name: name, shortName: order.options["short-name"] ?? name,
                memberships: Self.shared(by: old))
            entries.append((.organisation(into), .organisationSet(new)))
        }
        entries += old.map { organisation in
            (
                .organisation(organisation.code),
                .organisationSet(organisation.ending(on: from.previous, successor: into))
            )
        }
        try await writer.write(entries)
        try await writer.appendDue()
        let now = try await writer.directory()
        return (old.map(\.code) + [into]).compactMap { now.organisations[$0].map { Self.json($0, in: now) } }
    }

    /// The regions that all of them are in.
    private static func shared(by organisations: [Organisation]) -> [Membership] {
        let all = organisations.map(\.regions)
        return (all.first ?? [:]).filter { membership in
            all.allSatisfy { $0[membership.key] == membership.value }
        }.map { Membership(classification: $0.key, region: $0.value) }
    }

    private func code(_ text: String) throws(OperatorError) -> OrganisationCode {
        guard let code = OrganisationCode(text) else { throw OperatorError(.usage, Self.noCode, ["text": text]) }
        return code
    }

    /// Reads `zorg=haaglanden`, `zorg=haaglanden:2026-01-01..2026-12-31` with either day left out, and `zorg=` for none.
    private func memberships(_ order: DirectoryOrder, _ directory: Directory) throws -> [Membership] {
        try order.memberships.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw OperatorError(.usage, Self.noMembership, ["text": text])
            }
            let rest = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            if !rest[0].isEmpty { _ = try region(rest[0], in: directory) }
            let days =
                rest.count == 2 ? rest[1].split(separator: "..", omittingEmptySubsequences: false) : ["", ""]
            let dates = days.map { CalendarDate(String($0)) }
            guard days.count == 2, zip(days, dates).allSatisfy({ $0.isEmpty || $1 != nil }) else {
                throw OperatorError(.usage, Self.noMembership, ["text": text])
            }
            return Membership(classification: parts[0], region: rest[0], from: dates[0], until: dates[1])
        }
    }

    static func organisations(in directory: Directory) -> [JSONValue] {
        directory.organisations.values.sorted { $0.code < $1.code }.map { json($0, in: directory) }
    }

    static func json(_ organisation: Organisation, in directory: Directory) -> JSONValue {
        let former = directory.predecessors(of: organisation.code)
        let merger = directory.mergers[organisation.code]
        return .object([
            "organisation": .string(organisation.code.text), "name": .string(organisation.name),
            "shortName": .string(organisation.shortName),
            "regions": .object(
                organisation.regions.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }),
            "memberships": organisation.memberships.contains { $0.from != nil || $0.until != nil }
                ? .array(organisation.memberships.map(json)) : nil,
            "until": organisation.until.map { .string($0.text) },
            "successor": (merger?.into ?? organisation.successor).map { .string($0.text) },
            "state": merger != nil ? .string("merged") : organisation.until.map { _ in .string("planned") },
            "predecessors": former.isEmpty ? nil : .strings(former.map(\.text)),
        ])
    }

    private static func json(_ membership: Membership) -> JSONValue {
        .object([
            "classification": .string(membership.classification), "region": .string(membership.region),
            "from": membership.from.map { .string($0.text) }, "until": membership.until.map { .string($0.text) },
        ])
    }

    private static let nameMissing = Phrase(
        dutch:
            "{code} staat nog niet in de directory; zeg met --name hoe die organisatie heet. Er is niets gewijzigd.",
        english: "{code} is not in the directory yet; say by --name what it is called. Nothing was changed.")
    private static let noCode = Phrase(
        dutch: "\"{text}\" is geen code van een organisatie, zoals gm0503 of pv28.",
        english: "\"{text}\" is no code of an organisation, such as gm0503 or pv28.")
    private static let mergeIncomplete = Phrase(
        dutch: "Noem de gemeenten die ophouden, met --into de nieuwe en met --from haar eerste dag.",
        english: "Name the municipalities that end, by --into the new one and by --from its first day.")
    private static let notMergeable = Phrase(
        dutch: "Alleen gemeenten gaan op in een andere gemeente ({into}), elk één keer. Er is niets gewijzigd.",
        english: "Only municipalities merge into another one ({into}), each once. Nothing was changed.")
    private static let noMembership = Phrase(
        dutch: "\"{text}\" is geen indeling; schrijf haar als zorg=haaglanden of zorg=haaglanden:2026-01-01..",
        english: "\"{text}\" is no membership; write it as zorg=haaglanden or zorg=haaglanden:2026-01-01..")
}
