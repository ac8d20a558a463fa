import RegiopostJSON
import RegiopostModel

/// The sentences and tables for the items of replies.
struct AdministrationText {
    let language: Language

    func say(_ dutch: String, _ english: String, _ values: [String: String] = [:]) -> String {
        Phrase(dutch: dutch, english: english).text(language, values)
    }

    func text(_ item: JSONValue, _ name: String) -> String {
        switch item[name] {
        case .string(let text)?: text
        case .number(let number)?: String(number)
        case .bool(let value)?: value ? say("ja", "yes") : say("nee", "no")
        default: ""
        }
    }

    func invitation(_ item: JSONValue) -> String {
        say(
            "Uitnodiging voor {address}, één keer te gebruiken, geldig tot {expires}. Wie deze regel heeft, krijgt "
                + "toegang: geef hem langs een veilige weg.",
            "Invitation for {address}, good once, until {expires}. Whoever has this line gets in: hand it over by a "
                + "safe way.",
            ["address": text(item, "address"), "expires": text(item, "expires")])
    }

    func revoked(_ items: [JSONValue], of what: String) -> [String] {
        var lines = items.map { item in
            say(
                "Ingetrokken: certificaat {serial}.", "Revoked: certificate {serial}.",
                ["serial": text(item, "serial")])
        }
        if lines.isEmpty {
            lines = [
                say(
                    "Er was geen geldig certificaat meer in te trekken.",
                    "There was no valid certificate left to revoke.")
            ]
        }
        // Only an address has invitations; one certificate of several says nothing about them.
        if let address = Address(what) {
            lines.append(
                say(
                    "Open uitnodigingen voor {address} gelden niet meer.",
                    "Open invitations for {address} no longer count.", ["address": address.text]))
        }
        return lines
    }

    func status(_ item: JSONValue) -> [String] {
        let rows: [(String, String)] = [
            (say("Server draait", "Server runs"), text(item, "running")),
            (say("Sinds", "Since"), text(item, "since")),
            (say("Verbindingen", "Connections"), text(item, "connections")),
            (say("Luistert op", "Listens on"), text(item, "listen") + " " + text(item, "port")),
            (say("Naam in uitnodigingen", "Name in invitations"), text(item, "name")),
            (say("Provincie", "Province"), text(item, "province")),
            (say("Organisaties", "Organisations"), text(item, "organisations")),
            (say("Regio's", "Regions"), text(item, "regions")),
            (
                say("Bijlagen", "Attachments"),
                text(item, "files") + " (" + text(item, "fileBytes") + " bytes)"
            ),
            (say("Berichten in het journaal", "Changes in the journal"), text(item, "records")),
            (say("Segmenten", "Segments"), text(item, "segments")),
            (say("Bytes in het journaal", "Bytes in the journal"), text(item, "journalBytes")),
            (say("Geldige certificaten", "Valid certificates"), text(item, "validCertificates")),
            (say("Open uitnodigingen", "Open invitations"), text(item, "openInvitations")),
            (
                say("Servercertificaat tot", "Server certificate until"), text(item, "serverCertificateExpires")
            ),
            (say("Eigen CA tot", "Own authority until"), text(item, "authorityExpires")),
        ]
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.filter { !$0.1.isEmpty }.map { Self.padded($0.0 + ":", width + 2) + $0.1 }
        return lines + (item["warnings"]?.array ?? []).compactMap { $0.string.map(warning) }
    }

    private func warning(_ code: String) -> String {
        switch Administration.Warning(rawValue: code) {
        case .journalFailed:
            say(
                "LET OP: het journaal kan niet meer schrijven; er wordt niets aangenomen. Zie de log, herstel de schijf "
                    + "en herstart de server.",
                "WARNING: the journal can't write any more; nothing is accepted. See the log, mend the disk and restart "
                    + "the server.")
        case .recovering:
            say(
                "LET OP: deze server wordt hersteld uit een reservekopie en neemt niets nieuws aan. Zie: regiopostd recovery "
                    + "status",
                "WARNING: this server is recovering from a backup and takes nothing new. See: regiopostd recovery status"
            )
        case .serverCertificateExpires:
            say(
                "LET OP: het servercertificaat verloopt binnen {days} dagen. Daarna kan niemand meer verbinden; "
                    + "vernieuw het met: regiopostd renew-server",
                "WARNING: the server's certificate expires within {days} days. After that nobody can connect; "
                    + "renew it by: regiopostd renew-server",
                ["days": String(Administration.warningDays)])
        case .authorityExpires:
            say(
                "LET OP: de eigen CA verloopt binnen {days} dagen. Daarna moet iedereen opnieuw worden uitgenodigd.",
                "WARNING: the own authority expires within {days} days. After that everybody must be invited anew.",
                ["days": String(Administration.warningDays)])
        case nil: say("LET OP: ", "WARNING: ") + code
        }
    }

    func certificates(_ items: [JSONValue]) -> [String] {
        guard !items.isEmpty else {
            return [say("Er zijn nog geen certificaten uitgegeven.", "No certificates were given yet.")]
        }
        let head = [
            say("Adres", "Address"), say("Staat", "State"), say("Geldig tot", "Until"),
            say("Serienummer", "Serial"),
        ]
        let rows = items.map { item in
            [text(item, "address"), state(text(item, "state")), text(item, "expires"), text(item, "serial")]
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in
            zip(row, widths).dropLast().map { Self.padded($0, $1 + 2) }.joined() + (row.last ?? "")
        }
    }

    func renewed(_ item: JSONValue) -> String {
        let names = (item["names"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
        return say(
            "Het nieuwe servercertificaat geldt tot {expires}, voor {names}. Herstart de server om het te gebruiken.",
            "The server's new certificate is valid until {expires}, for {names}. Restart the server to use it.",
            ["expires": text(item, "expires"), "names": names])
    }

    private func state(_ word: String) -> String {
        switch word {
        case "valid": say("geldig", "valid")
        case "expired": say("verlopen", "expired")
        case "revoked": say("ingetrokken", "revoked")
        default: word
        }
    }

    func verified(_ item: JSONValue) -> String {
        if item["fault"] != nil, item["file"] != nil {
            return say(
                "Fout ({fault}): bijlage {file} heeft niet de inhoud van toen zij kwam.",
                "Fault ({fault}): attachment {file} doesn't hold what it held when it came.",
                ["fault": text(item, "fault"), "file": text(item, "file")])
        }
        if let reason = item["reason"]?.string {
            return say("Fout in het journaal: {reason}", "Fault in the journal: {reason}", ["reason": reason])
        }
        if item["fault"] != nil {
            return say(
                "Fout ({fault}) in postbus {mailbox} op positie {position}.",
                "Fault ({fault}) in mailbox {mailbox} at position {position}.",
                [
                    "fault": text(item, "fault"), "mailbox": text(item, "mailbox"),
                    "position": text(item, "position"),
                ])
        }
        return say(
            "Gelezen: {entries} berichten in {mailboxes} postbussen, {files} bijlagen; fouten: {faults}.",
            "Read: {entries} entries in {mailboxes} mailboxes, {files} attachments; faults: {faults}.",
            [
                "entries": text(item, "entries"), "mailboxes": text(item, "mailboxes"),
                "files": text(item, "files"), "faults": text(item, "faults"),
            ])
    }

    func loaded(_ items: [JSONValue]) -> [String] {
        let lines = items.map { item in
            let word =
                switch text(item, "result") {
                case "added": say("toegevoegd", "added")
                case "changed": say("gewijzigd", "changed")
                default: say("niet in de bestanden, blijft ongewijzigd", "not in the files, stays as it is")
                }
            return text(item, "subject") + ": " + word
        }
        guard items.contains(where: { $0["result"]?.string != "kept" }) else {
            return lines + [say("De directory was al bijgewerkt.", "The directory was up to date.")]
        }
        return lines
    }

    func directory(_ items: [JSONValue]) -> [String] {
        let merged = items.filter { $0["state"]?.string == "merged" && $0["organisation"] != nil }
        let organisations = items.filter { $0["organisation"] != nil && $0["state"]?.string != "merged" }
        var lines: [String] = []
        for region in items where region["region"] != nil {
            let name = text(region, "region")
            lines.append(name + "  " + text(region, "title") + contact(region))
            let members = organisations.filter {
                $0["regions"]?[Organisation.administrative]?.string == name
            }
            lines += members.map { "  " + self.organisation($0) }
        }
        let others = organisations.filter { $0["regions"]?[Organisation.administrative] == nil }
        if !others.isEmpty { lines.append(say("zonder regio", "without a region")) }
        lines += others.map { "  " + organisation($0) }
        if !merged.isEmpty { lines.append(say("opgeheven", "abolished")) }
        return lines + merged.map { "  " + organisation($0) }
    }

    func organisation(_ item: JSONValue) -> String {
        let (name, short) = (text(item, "name"), text(item, "shortName"))
        let end: String =
            switch item["state"]?.string {
            case "merged": say(", opgegaan in {successor}", ", now part of {successor}", successor(item))
            case "planned":
                say(
                    ", tot en met {until}, dan {successor}", ", up to and with {until}, then {successor}",
                    successor(item))
            default: ""
            }
        return text(item, "organisation") + "  " + short + (name == short ? "" : " (\(name))") + end
    }

    private func successor(_ item: JSONValue) -> [String: String] {
        ["successor": text(item, "successor"), "until": text(item, "until")]
    }

    func contact(_ region: JSONValue) -> String {
        let parts = ["contactName", "contactMail", "contactPhone"].map { text(region, $0) }.filter { !$0.isEmpty }
        return parts.isEmpty ? "" : "  (" + parts.joined(separator: ", ") + ")"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
