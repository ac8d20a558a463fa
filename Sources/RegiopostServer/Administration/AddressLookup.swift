import RegiopostModel

/// Finds the address that an operator means, or says what is near it.
struct AddressLookup {
    let directory: Directory
    let province: OrganisationCode

    /// The address written, where it may be invited: its organisation and, for an account holder, its region are in the
    /// directory, and it isn't the server's own.
    func invitee(_ text: String) throws(OperatorError) -> Address {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw OperatorError(.usage, Self.noAddress, ["text": text]) }
        let code = try organisation(parts[0])
        guard let role = Role(parts[1]), let address = Address(organisation: code, role: role) else {
            throw OperatorError(
                .data, Self.noRole,
                ["role": parts[1], "organisation": code.text, "roles": roles(at: code).joined(separator: ", ")])
        }
        if role == .regiopostd { throw OperatorError(.data, Self.ownAddress, ["address": text]) }
        if case .accounthouder(let region) = role, directory.regions[region]?.province != code {
            let names = directory.regions.values.filter { $0.province == code }.map(\.name).sorted()
            throw OperatorError(
                .data, Self.noRegion, ["region": region, "regions": names.joined(separator: ", ")])
        }
        return address
    }

    /// The organisation of that code or name.
    func known(_ text: String) throws(OperatorError) -> Organisation {
        if let found = directory.organisation(named: text) { return found }
        let code = try organisation(text)
        guard let found = directory.organisations[code] else {
            throw OperatorError(.data, Self.noOrganisation, ["text": text])
        }
        return found
    }

    private func organisation(_ text: String) throws(OperatorError) -> OrganisationCode {
        if let code = OrganisationCode(text), directory.organisations[code] != nil { return code }
        let near = suggestions(for: text)
        let list = near.map { "\($0.code) (\($0.shortName))" }.joined(separator: ", ")
        throw OperatorError(
            .data, near.isEmpty ? Self.noOrganisation : Self.nearOrganisation, ["text": text, "near": list])
    }

    /// At most three organisations whose code or name is near: one typing mistake apart in the code, or names that begin
    /// alike or are two mistakes apart. O(organisations).
    func suggestions(for text: String) -> [Organisation] {
        let wanted = text.lowercased()
        let scored = directory.organisations.values.compactMap { organisation -> (Int, Organisation)? in
            let names = [organisation.shortName, organisation.name].map { $0.lowercased() }
            if names.contains(wanted) { return (0, organisation) }
            if wanted.count >= 3, names.contains(where: { $0.hasPrefix(wanted) }) { return (1, organisation) }
            let distance = names.map { Self.distance($0, wanted) }.min() ?? .max
            if distance <= 2, distance < wanted.count / 2 { return (1 + distance, organisation) }
            return Self.distance(organisation.code.text, wanted) <= 1 ? (4, organisation) : nil
        }
        return scored.sorted { ($0.0, $0.1.code) < ($1.0, $1.1.code) }.prefix(3).map(\.1)
    }

    /// How many characters must be added, dropped, replaced or swapped with their neighbour. O(product of the lengths).
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right.prefix(64)))
        var before: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = last
            last = current
        }
        return last[right.count]
    }

    private func roles(at code: OrganisationCode) -> [String] {
        let plain = Role.names(at: code.kind).filter { $0 != Role.regiopostd.text }
        let regions = directory.regions.values.filter { $0.province == code }.map(\.name).sorted()
        return plain + regions.map { Role.accounthouder(region: $0).text }
    }

    private static let noAddress = Phrase(
        dutch: "\"{text}\" is geen adres. Een adres is een organisatie en een rol, zoals gm0503/griffie.",
        english: "\"{text}\" is no address. An address is an organisation and a role, such as gm0503/griffie.")
    private static let noOrganisation = Phrase(
        dutch: "{text} staat niet in de directory. Zie: regiopostd directory show",
        english: "{text} is not in the directory. See: regiopostd directory show")
    private static let nearOrganisation = Phrase(
        dutch: "{text} staat niet in de directory. Bedoelt u misschien: {near}?",
        english: "{text} is not in the directory. Did you mean: {near}?")
    private static let noRole = Phrase(
        dutch: "{organisation} kent de rol \"{role}\" niet. Wel: {roles}.",
        english: "{organisation} has no role \"{role}\". It has: {roles}.")
    private static let ownAddress = Phrase(
        dutch: "{address} is het adres van de server zelf en kan niet worden uitgenodigd.",
        english: "{address} is the server's own address and can't be invited.")
    private static let noRegion = Phrase(
        dutch: "De regio {region} staat niet in de directory. Wel: {regions}.",
        english: "The region {region} is not in the directory. It has: {regions}.")
}
