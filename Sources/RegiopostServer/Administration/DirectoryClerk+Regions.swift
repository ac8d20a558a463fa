import RegiopostJSON
import RegiopostModel

extension DirectoryClerk {
    func setRegion(_ order: DirectoryOrder) async throws -> [JSONValue] {
        let directory = try await writer.directory()
        let name = order.names.first ?? ""
        let known = directory.regions[name]
        let contact = Region.Contact(
            name: order.options["name"] ?? known?.contact.name, mail: order.options["mail"] ?? known?.contact.mail,
            phone: order.options["phone"] ?? known?.contact.phone)
        guard
            let region = Region(
                name: name, title: order.options["title"] ?? known?.title ?? name,
                province: known?.province ?? province, contact: contact)
        else { throw OperatorError(.usage, Self.noRegionName, ["text": name]) }
        try await writer.write([(.region(name), .regionSet(region))])
        return [Self.json(region)]
    }

    /// Gives a region to another person: same address, same mailbox.
    func handOver(_ order: DirectoryOrder) async throws -> [JSONValue] {
        let directory = try await writer.directory()
        let region = try region(order.names.first ?? "", in: directory)
        let from = try date("from", in: order) ?? today
        guard let name = order.options["name"] else { throw OperatorError(.usage, Self.personMissing) }
        guard from <= today else { throw OperatorError(.usage, Self.notYet, ["from": from.text]) }
        let contact = Region.Contact(name: name, mail: order.options["mail"], phone: order.options["phone"])
        try await writer.write([
            (.region(region.name), .regionHandover(Handover(from: from, contact: contact)))
        ])
        var revoked: [String]?
        if order.options["revoke"] != nil, let address = region.accounthouder {
            revoked = try await revoke(address)
        }
        return [
            .object([
                "region": .string(region.name), "title": .string(region.title), "from": .string(from.text),
                "accounthouder": region.accounthouder.map { .string($0.text) },
                "contactName": .string(name), "contactMail": contact.mail.map(JSONValue.string),
                "contactPhone": contact.phone.map(JSONValue.string),
                "before": region.contact.name.map(JSONValue.string),
                "revoked": revoked.map { .strings($0) },
            ])
        ]
    }

    static func json(_ region: Region, _ history: [Handover] = []) -> JSONValue {
        let before = history.count > 1 ? history : []
        return .object([
            "region": .string(region.name), "title": .string(region.title),
            "province": .string(region.province.text),
            "contactName": region.contact.name.map(JSONValue.string),
            "contactMail": region.contact.mail.map(JSONValue.string),
            "contactPhone": region.contact.phone.map(JSONValue.string),
            "history": before.isEmpty
                ? nil
                : .array(
                    before.map { handover in
                        .object([
                            "from": handover.from.map { .string($0.text) },
                            "contactName": handover.contact.name.map(JSONValue.string),
                        ])
                    }),
        ])
    }

    private static let noRegionName = Phrase(
        dutch: "\"{text}\" kan geen naam van een regio zijn: kleine letters, cijfers en losse koppeltekens.",
        english: "\"{text}\" can't be the name of a region: lower-case letters, digits and single hyphens.")
    private static let personMissing = Phrase(
        dutch: "Zeg met --name wie de nieuwe accounthouder is. Er is niets gewijzigd.",
        english: "Say by --name who the new account holder is. Nothing was changed.")
    private static let notYet = Phrase(
        dutch: "Een overdracht wordt op de dag zelf vastgelegd; {from} is nog niet geweest. Er is niets gewijzigd.",
        english: "A hand-over is written down on its day; {from} is still to come. Nothing was changed.")
}
