import RegiopostJSON
import RegiopostModel

/// The directory, for people and for programs.
struct DirectoryPresentation {
    let directory: Directory
    let output: Output

    func list() {
        for region in directory.regions.values.sorted(by: { $0.title < $1.title }) {
            output.show([region.title + " (" + region.name + ")" + contact(region)])
            output.show(directory.municipalities(of: region.name).map { "  " + $0.code.text + "  " + $0.shortName })
        }
        let merged = directory.mergers.keys.sorted()
        if !merged.isEmpty { output.say(Phrase(dutch: "Opgeheven:", english: "Abolished:")) }
        output.show(
            merged.map { code in
                "  " + code.text + "  " + directory.name(of: code) + " → "
                    + directory.name(of: directory.holder(of: code))
            })
        let mandates = directory.mandates.values.sorted { $0.address < $1.address }
        if !mandates.isEmpty { output.say(Phrase(dutch: "Mandaten:", english: "Mandates:")) }
        output.show(mandates.map(row))
        output.emit(
            .object([
                "regions": .array(directory.regions.values.sorted { $0.name < $1.name }.map(json)),
                "organisations": .array(directory.organisations.values.sorted { $0.code < $1.code }.map(json)),
                "mandates": .array(mandates.map(json)),
            ]))
    }

    private func row(_ mandate: MandateState) -> String {
        let who = "  " + mandate.address.text + (mandate.plan?.person.map { " (\($0))" } ?? "") + ": "
        if case .ended(let end) = mandate.status, !mandate.isPlanOpen {
            return who
                + output.text(
                    Phrase(dutch: "beëindigd op {on}, nu {successor}", english: "ended on {on}, now {successor}"),
                    ["on": end.on.text, "successor": end.successor.text])
        }
        return who
            + output.text(
                Phrase(dutch: "{from} tot en met {until}", english: "{from} up to and with {until}"),
                ["from": mandate.plan?.from.text ?? "…", "until": mandate.plan?.until?.text ?? "…"])
    }

    private func json(_ mandate: MandateState) -> JSONValue {
        .object([
            "address": .string(mandate.address.text), "state": .string(mandate.status.name),
            "person": (mandate.plan?.person).map(JSONValue.string),
            "from": (mandate.plan?.from).map { .string($0.text) },
            "until": (mandate.plan?.until).map { .string($0.text) },
            "holder": directory.holder(of: mandate.address).map { .string($0.text) },
        ])
    }

    private func contact(_ region: Region) -> String {
        let parts = [region.contact.name, region.contact.mail, region.contact.phone].compactMap { $0 }
        return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    }

    private func json(_ region: Region) -> JSONValue {
        .object([
            "name": .string(region.name), "title": .string(region.title),
            "accounthouder": region.accounthouder.map { .string($0.text) },
            "contactName": region.contact.name.map(JSONValue.string),
            "contactMail": region.contact.mail.map(JSONValue.string),
            "contactPhone": region.contact.phone.map(JSONValue.string),
            "history": .array(
                (directory.handovers[region.name] ?? []).map { handover in
                    .object([
                        "from": handover.from.map { .string($0.text) },
                        "contactName": handover.contact.name.map(JSONValue.string),
                    ])
                }),
        ])
    }

    private func json(_ organisation: Organisation) -> JSONValue {
        .object([
            "code": .string(organisation.code.text), "name": .string(organisation.name),
            "shortName": .string(organisation.shortName),
            "region": organisation.regions[Organisation.administrative].map(JSONValue.string),
            "successor": directory.mergers[organisation.code].map { _ in
                .string(directory.holder(of: organisation.code).text)
            },
        ])
    }
}
