import RegiopostJSON
import RegiopostModel

extension DirectoryClerk {
    func setMandate(_ order: DirectoryOrder) async throws -> [JSONValue] {
        let directory = try await writer.directory()
        let address = try self.address(order.names.first ?? "", in: directory)
        let known = directory.mandates[address]?.plan
        guard let from = try date("from", in: order) ?? known?.from else {
            throw OperatorError(.usage, Self.fromMissing, ["address": address.text])
        }
        let mandate = Mandate(
            address: address, person: order.options["person"] ?? known?.person, from: from,
            until: try date("until", in: order), successor: try successor(of: address, order, directory))
        try await writer.write([(.mandate(address), .mandateSet(mandate))])
        return try await settled(address)
    }

    /// Ends a mandate now, or plans its last day.
    func endMandate(_ order: DirectoryOrder) async throws -> [JSONValue] {
        let directory = try await writer.directory()
        let address = try self.address(order.names.first ?? "", in: directory)
        let known = directory.mandates[address]
        if case .ended(let end)? = known?.status {
            throw OperatorError(
                .data, Self.endedBefore,
                ["address": address.text, "on": end.on.text, "successor": end.successor.text])
        }
        let successor = try successor(of: address, order, directory)
        if let on = try date("on", in: order) {
            let mandate = Mandate(
                address: address, person: known?.plan?.person, from: min(known?.plan?.from ?? today, on), until: on,
                successor: successor)
            try await writer.write([(.mandate(address), .mandateSet(mandate))])
        } else {
            let end = MandateEnd(address: address, on: today, successor: successor)
            try await writer.write([(.mandate(address), .mandateEnd(end))])
        }
        return try await settled(address)
    }

    private func settled(_ address: Address) async throws -> [JSONValue] {
        try await writer.appendDue()
        return try await writer.directory().mandates[address].map { [Self.json($0)] } ?? []
    }

    private func address(_ text: String, in directory: Directory) throws(OperatorError) -> Address {
        try AddressLookup(directory: directory, province: province).invitee(text)
    }

    /// Who takes over: as ordered, as planned before, else the college, or at a province the secretariat.
    private func successor(
        of address: Address, _ order: DirectoryOrder, _ directory: Directory
    ) throws(OperatorError) -> Address {
        if let text = order.options["to"] { return try self.address(text, in: directory) }
        if let planned = directory.mandates[address]?.plan?.successor { return planned }
        let role: Role = address.organisation.kind == .municipality ? .college : .secretariaat
        guard let successor = Address(organisation: address.organisation, role: role), successor != address else {
            throw OperatorError(.usage, Self.successorMissing, ["address": address.text])
        }
        return successor
    }

    static func json(_ mandate: MandateState) -> JSONValue {
        var (state, on, successor) = (mandate.status.name, CalendarDate?.none, mandate.plan?.successor)
        if case .ended(let end) = mandate.status {
            on = end.on
            if mandate.isPlanOpen { state = "planned" } else { successor = end.successor }
        }
        return .object([
            "mandate": .string(mandate.address.text), "state": .string(state),
            "person": (mandate.plan?.person).map(JSONValue.string),
            "from": (mandate.plan?.from).map { .string($0.text) },
            "until": (mandate.plan?.until).map { .string($0.text) }, "ended": on.map { .string($0.text) },
            "successor": successor.map { .string($0.text) },
        ])
    }

    private static let fromMissing = Phrase(
        dutch: "Zeg met --from vanaf wanneer {address} een mandaat heeft. Er is niets gewijzigd.",
        english: "Say by --from since when {address} has a mandate. Nothing was changed.")
    private static let successorMissing = Phrase(
        dutch: "Zeg met --to wie het werk van {address} overneemt. Er is niets gewijzigd.",
        english: "Say by --to who takes over the work of {address}. Nothing was changed.")
    private static let endedBefore = Phrase(
        dutch:
            "Het mandaat van {address} is al beëindigd op {on}; {successor} heeft het werk. Er is niets gewijzigd.",
        english: "The mandate of {address} ended on {on} already; {successor} has its work. Nothing was changed.")
}
