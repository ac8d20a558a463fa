import RegiopostJSON

/// Where a letter came from: carried by what follows from the letter, so that who may see that follows from itself.
public struct Route: Equatable, Sendable {
    /// The letter's sender.
    public let sender: Address
    /// The region that the letter was sent to.
    public let region: String

    /// Makes a route.
    public init(sender: Address, region: String) {
        self.sender = sender
        self.region = region
    }

    init(_ fields: Fields) throws(Refusal) {
        sender = try fields.value("sender", "address", Address.init(_:))
        region = try fields.value("region", "region", RegionName.read)
    }

    /// The province's account holder for the region.
    public var accounthouder: Address? {
        Address(organisation: sender.organisation, role: .accounthouder(region: region))
    }

    var json: JSONValue { .object(["sender": .string(sender.text), "region": .string(region)]) }
}
