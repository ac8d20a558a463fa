import RegiopostModel

/// The directory that a new data folder begins with. From then on the folder's own files are what counts.
enum DirectorySeed {
    /// `organisations.csv`: the province, and for Zuid-Holland its municipalities.
    static func organisations(of province: OrganisationCode) throws(OperatorError) -> [UInt8] {
        let provinces = String(decoding: PackageResources.provinces_csv, as: UTF8.self)
        guard let row = provinces.split(separator: "\n").first(where: { $0.hasPrefix(province.text + ",") }) else {
            throw OperatorError(.usage, noProvince, ["code": province.text])
        }
        let all = String(decoding: PackageResources.organisations_csv, as: UTF8.self)
        let lines = all.split(separator: "\n").map(String.init)
        let municipalities = isKnown(province) ? Array(lines.dropFirst()) : []
        let text = (lines.prefix(1) + [row + ","] + municipalities).joined(separator: "\n") + "\n"
        return Array(text.utf8)
    }

    /// `regions.csv`: for Zuid-Holland its regions, without contacts.
    static func regions(of province: OrganisationCode) -> [UInt8] {
        let all = PackageResources.regions_csv
        if isKnown(province) { return all }
        return Array(all.prefix { $0 != UInt8(ascii: "\n") }) + [UInt8(ascii: "\n")]
    }

    /// `abolished.csv`: for Zuid-Holland the municipalities that became part of others since 2001.
    static func abolished(of province: OrganisationCode) -> [UInt8] {
        let all = PackageResources.abolished_csv
        if isKnown(province) { return all }
        return Array(all.prefix { $0 != UInt8(ascii: "\n") }) + [UInt8(ascii: "\n")]
    }

    /// Whether municipalities and regions come with the program.
    private static func isKnown(_ province: OrganisationCode) -> Bool { province.text == "pv28" }

    private static let noProvince = Phrase(
        dutch: "{code} is geen provincie; de codes lopen van pv20 (Groningen) tot pv31 (Limburg).",
        english: "{code} is no province; the codes go from pv20 (Groningen) to pv31 (Limburg).")
}
