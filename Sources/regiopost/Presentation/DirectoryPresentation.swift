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
        output.emit(
            .object([
                "regions": .array(directory.regions.values.sorted { $0.name < $1.name }.map(json)),
                "organisations": .array(directory.organisations.values.sorted { $0.code < $1.code }.map(json)),
            ]))
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
        ])
    }

    private func json(_ organisation: Organisation) -> JSONValue {
        .object([
            "code": .string(organisation.code.text), "name": .string(organisation.name),
            "shortName": .string(organisation.shortName),
            "region": organisation.regions[Organisation.administrative].map(JSONValue.string),
        ])
    }
}
