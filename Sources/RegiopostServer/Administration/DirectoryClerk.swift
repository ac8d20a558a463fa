import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// Carries out what operators order about mandates, organisations and regions.
struct DirectoryClerk {
    let writer: DirectoryWriter
    let province: OrganisationCode
    /// Ends the access of an address, and answers the serial numbers of the certificates that were revoked.
    let revoke: @Sendable (Address) async throws -> [String]

    /// Does it, then whatever that makes due, and answers the entries as they are now.
    func perform(_ order: DirectoryOrder) async throws -> [JSONValue] {
        switch order.verb {
        case .mandateSet: return try await setMandate(order)
        case .mandateEnd: return try await endMandate(order)
        case .mandateList:
            let directory = try await writer.directory()
            return directory.mandates.values.sorted { $0.address < $1.address }.map(Self.json)
        case .organisationSet: return try await setOrganisation(order)
        case .organisationMerge: return try await merge(order)
        case .organisationList:
            let directory = try await writer.directory()
            if order.names.isEmpty { return Self.organisations(in: directory) }
            let lookup = AddressLookup(directory: directory, province: province)
            return try order.names.map { Self.json(try lookup.known($0), in: directory) }
        case .regionSet: return try await setRegion(order)
        case .regionHandover: return try await handOver(order)
        }
    }

    var today: CalendarDate { DutchTime.date(of: writer.clock()) }

    func date(_ option: String, in order: DirectoryOrder) throws(OperatorError) -> CalendarDate? {
        guard let text = order.options[option] else { return nil }
        guard let date = CalendarDate(text) else {
            throw OperatorError(.usage, Self.noDate, ["text": text, "option": "--" + option])
        }
        return date
    }

    func region(_ name: String, in directory: Directory) throws(OperatorError) -> Region {
        guard let region = directory.regions[name] else {
            let names = directory.regions.keys.sorted().joined(separator: ", ")
            throw OperatorError(.data, Self.noRegion, ["region": name, "regions": names])
        }
        return region
    }

    static let noDate = Phrase(
        dutch: "\"{text}\" bij {option} is geen datum; schrijf haar als 2026-03-27.",
        english: "\"{text}\" at {option} is no date; write it as 2026-03-27.")
    static let noRegion = Phrase(
        dutch: "De regio {region} staat niet in de directory. Wel: {regions}.",
        english: "The region {region} is not in the directory. It has: {regions}.")
}
