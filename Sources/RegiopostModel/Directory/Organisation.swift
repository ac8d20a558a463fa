import RegiopostJSON

/// A municipality or province as the directory knows it.
public struct Organisation: Equatable, Sendable {
    /// Its code.
    public let code: OrganisationCode
    /// Its official name: "'s-Gravenhage".
    public let name: String
    /// What people call it: "Den Haag".
    public let shortName: String
    /// The region it is in by each classification; the one for letters is called `bestuurlijk`.
    public let regions: [String: String]

    /// The classification that letters go by.
    public static let administrative = "bestuurlijk"

    /// Makes an organisation.
    public init(code: OrganisationCode, name: String, shortName: String, regions: [String: String]) {
        self.code = code
        self.name = name
        self.shortName = shortName
        self.regions = regions
    }

    init(_ fields: Fields) throws(Refusal) {
        code = try fields.value("code", "organisation", OrganisationCode.init(_:))
        name = try fields.text("name", maximum: 200)
        shortName = try fields.text("shortName", maximum: 200)
        var regions: [String: String] = [:]
        for membership in try fields.objects("regions") {
            let classification = try membership.text("classification", maximum: 40)
            guard regions[classification] == nil else {
                throw membership.refusal("classification", expected: "each classification once")
            }
            regions[classification] = try membership.value("region", "region", RegionName.read)
        }
        self.regions = regions
    }

    var json: JSONValue {
        let memberships = regions.sorted { $0.key < $1.key }.map { classification, region in
            JSONValue.object(["classification": .string(classification), "region": .string(region)])
        }
        return .object([
            "code": .string(code.text), "name": .string(name), "shortName": .string(shortName),
            "regions": .array(memberships),
        ])
    }
}
