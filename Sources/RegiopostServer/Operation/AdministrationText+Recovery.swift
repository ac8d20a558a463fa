import RegiopostJSON
import RegiopostModel

/// What was restored, what came back, and what didn't.
extension AdministrationText {
    func recovery(_ items: [JSONValue]) -> [String] { items.flatMap(recoveryLines) }

    private func recoveryLines(_ item: JSONValue) -> [String] {
        switch text(item, "kind") {
        case "recovery": sum(item)
        case "giver":
            [
                say(
                    "  {address} gaf er {returned} als eerste terug.",
                    "  {address} was the first to give back {returned}.",
                    values(item, ["address", "returned"]))
            ]
        case "missing": [gap(item)]
        case "named":
            [
                say(
                    "Ontbreekt: {id}, waarop {by} van {author} voortbouwt ({subject}).",
                    "Missing: {id}, which {by} of {author} builds on ({subject}).",
                    values(item, ["id", "by", "author", "subject"]))
            ]
        case "untaken":
            [
                say(
                    "Niet opgenomen ({code}): {type} van {author}, ontvangen {received}, over {subject}: {id}.",
                    "Not taken in ({code}): {type} of {author}, received {received}, about {subject}: {id}.",
                    values(item, ["code", "type", "author", "received", "subject", "id"]))
            ]
        case "file":
            [
                say(
                    "Bijlage ontbreekt: {name} ({sha256}), genoemd in {by}.",
                    "Attachment missing: {name} ({sha256}), cited in {by}.", values(item, ["name", "sha256", "by"]))
            ]
        default: []
        }
    }

    private func sum(_ item: JSONValue) -> [String] {
        let values = values(
            item, ["begun", "records", "returned", "regained", "untaken", "missing", "named", "files"])
        switch text(item, "state") {
        case "none": return [say("Deze server wordt niet hersteld.", "This server is not recovering.")]
        case "recovering":
            return [
                say(
                    "Deze server wordt hersteld sinds {begun}. De reservekopie heeft {records} berichten; {returned} kwamen "
                        + "terug van cliënten, en tussen wat terugkwam ontbreken er {missing}.",
                    "This server has been recovering since {begun}. The backup has {records} changes; {returned} came back "
                        + "from clients, and between what came back {missing} are missing.", values),
                say(
                    "Er wordt niets nieuws aangenomen tot: regiopostd recovery end",
                    "Nothing new is taken until: regiopostd recovery end"),
            ]
        default:
            return [
                say(
                    "Het herstel is afgesloten. Van {returned} teruggegeven berichten zijn er {regained} opgenomen, met hun "
                        + "volgorde en tijd van ontvangst; {untaken} pasten niet, en {missing} kwamen van niemand terug.",
                    "The recovery was ended. Of {returned} changes given back {regained} were taken in, with their order and "
                        + "time of receipt; {untaken} didn't fit, and {missing} came back from nobody.", values),
                say(
                    "Wat na het laatste teruggegeven bericht kwam, laat geen spoor na. Wie iets mist, vraagt het de afzender.",
                    "What came after the last change given back leaves no trace. Who misses something asks its sender."
                ),
            ]
        }
    }

    private func gap(_ item: JSONValue) -> String {
        let values = values(item, ["first", "last", "after", "before"])
        let which =
            text(item, "first") == text(item, "last")
            ? say("Ontbreekt: nummer {first}", "Missing: number {first}", values)
            : say("Ontbreken: nummers {first} tot en met {last}", "Missing: numbers {first} to {last}", values)
        return which
            + (item["after"] == nil
                ? say(", ontvangen voor {before}.", ", received before {before}.", values)
                : say(
                    ", ontvangen tussen {after} en {before}.", ", received between {after} and {before}.", values))
    }

    private func values(_ item: JSONValue, _ names: [String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, text(item, $0)) })
    }

    func restored(_ item: JSONValue) -> [String] {
        let values = values(item, ["path", "records", "epoch"])
        let next =
            item["recovering"]?.bool == true
            ? say(
                "Start de server: regiopostd serve --data {path}. Hij neemt nog niets nieuws aan, en vraagt cliënten wat de "
                    + "reservekopie mist. Zie regiopostd recovery status, en sluit af met: regiopostd recovery end",
                "Start the server: regiopostd serve --data {path}. It takes nothing new yet, and takes back from clients what "
                    + "the backup lacks. See regiopostd recovery status, and end it by: regiopostd recovery end",
                values)
            : say(
                "Zonder de sleutel voor ontvangstbewijzen kan niets worden teruggenomen. Start de server: regiopostd serve "
                    + "--data {path}",
                "Without the key for receipts nothing can be taken back. Start the server: regiopostd serve --data {path}",
                values)
        return [
            say(
                "{path} is teruggezet en nagekeken: {records} berichten.",
                "{path} was restored and checked: {records} changes.", values)
        ]
            + (item["cut"]?.array ?? []).compactMap(\.string) + [
                next,
                say(
                    "Uitnodigingen, certificaten en intrekkingen van na de reservekopie zijn niet bekend: trek opnieuw in wat "
                        + "ingetrokken was.",
                    "Invitations, certificates and revocations from after the backup are not known: revoke again what was "
                        + "revoked."),
            ]
    }
}
