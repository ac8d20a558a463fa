import RegiopostJSON
import RegiopostModel

/// What became of orders about mandates, organisations and regions.
extension AdministrationText {
    func ordered(_ order: DirectoryOrder, _ items: [JSONValue]) -> [String] {
        switch order.verb {
        case .mandateSet, .mandateEnd: items.map(mandate)
        case .mandateList:
            items.isEmpty
                ? [
                    say(
                        "Er zijn geen mandaten vastgelegd; elk adres heeft een doorlopend mandaat.",
                        "No mandates are set; every address has a standing one.")
                ] : items.map(mandate)
        case .organisationSet, .organisationList: items.map(organisation)
        case .organisationMerge: merged(items)
        case .regionSet: items.map { text($0, "region") + "  " + text($0, "title") + contact($0) }
        case .regionHandover: items.flatMap(handedOver)
        }
    }

    private func mandate(_ item: JSONValue) -> String {
        let values = [
            "address": text(item, "mandate") + (item["person"]?.string.map { " (\($0))" } ?? ""),
            "from": text(item, "from"), "until": text(item, "until"), "ended": text(item, "ended"),
            "successor": text(item, "successor"),
        ]
        let end =
            item["until"] == nil
            ? say("zonder einddatum", "without an end")
            : say("tot en met {until}", "up to and with {until}", values)
        switch text(item, "state") {
        case "planned":
            return say("{address}: gaat in op {from}, ", "{address}: begins on {from}, ", values) + end
                + say("; opvolger {successor}.", "; successor {successor}.", values)
        case "running":
            return say("{address}: loopt sinds {from}, ", "{address}: runs since {from}, ", values) + end
                + say("; opvolger {successor}.", "; successor {successor}.", values)
        default:
            return say(
                "{address}: beëindigd op {ended}; {successor} heeft alles overgenomen.",
                "{address}: ended on {ended}; {successor} has taken over everything.", values)
        }
    }

    private func merged(_ items: [JSONValue]) -> [String] {
        items.map { item in
            let values = [
                "name": text(item, "shortName"), "code": text(item, "organisation"),
                "until": text(item, "until"), "successor": text(item, "successor"),
            ]
            return switch item["state"]?.string {
            case "merged":
                say(
                    "{name} ({code}) is opgegaan in {successor}; de postbussen zijn overgenomen.",
                    "{name} ({code}) has become part of {successor}; its mailboxes were taken over.", values)
            case "planned":
                say(
                    "{name} ({code}) gaat na {until} op in {successor}.",
                    "{name} ({code}) becomes part of {successor} after {until}.", values)
            default: organisation(item)
            }
        }
    }

    private func handedOver(_ item: JSONValue) -> [String] {
        let values = [
            "region": text(item, "region"), "name": text(item, "contactName"), "from": text(item, "from"),
            "before": text(item, "before"), "address": text(item, "accounthouder"),
            "count": String(item["revoked"]?.array?.count ?? 0),
        ]
        var lines = [
            say(
                "{region}: {name} is accounthouder sinds {from}.",
                "{region}: {name} is account holder since {from}.",
                values)
        ]
        if item["before"] != nil { lines.append(say("Voorheen: {before}.", "Before: {before}.", values)) }
        lines.append(
            item["revoked"] == nil
                ? say(
                    "De certificaten van {address} gelden nog. Intrekken: regiopostd revoke {address}",
                    "The certificates of {address} still count. To revoke them: regiopostd revoke {address}", values
                )
                : say(
                    "Ingetrokken certificaten van {address}: {count}.",
                    "Certificates of {address} revoked: {count}.", values))
        lines.append(
            say(
                "Nodig de nieuwe accounthouder uit met: regiopostd invite {address}. De postbus blijft dezelfde.",
                "Invite the new account holder by: regiopostd invite {address}. The mailbox stays the same.", values
            ))
        lines.append(
            say(
                "Pas ook directory/regions.csv aan, of laat de contactkolommen daar leeg.",
                "Change directory/regions.csv too, or leave its contact columns blank.", values))
        return lines
    }
}
