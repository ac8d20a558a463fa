import ArgumentParser
import RegiopostModel

/// How far what is written may be known.
struct ConfidentialityOption: ParsableArguments {
    @Option(
        name: [.customLong("confidentiality"), .customLong("vertrouwelijkheid")],
        help: ArgumentHelp(ConfidentialityTexts.option.here))
    var confidentiality: Confidentiality?
}

extension Confidentiality: ExpressibleByArgument {}

/// What is said about confidentiality and about successors.
enum ConfidentialityTexts {
    static let option = Phrase(
        dutch: "Vertrouwelijkheid; zonder: intern. Wie dat niet mag lezen, krijgt het niet.",
        english: "Confidentiality; without: intern. Who may not read that doesn't get it.")
    static let label = Phrase(dutch: "Vertrouwelijkheid", english: "Confidentiality")
    static let onBehalf = Phrase(
        dutch: "Namens welke organisatie; nodig als er meer zijn die in de uwe zijn opgegaan.",
        english: "For which organisation; needed where several became part of yours.")
    static let severalOrganisations = Phrase(
        dutch:
            "Deze brief ging aan {list}, die in uw organisatie zijn opgegaan. Kies met --for namens welke u antwoordt.",
        english:
            "This letter went to {list}, which became part of your organisation. Choose by --for whom you answer for."
    )
    static let successorOrganisation = Phrase(
        dutch: "{name} bestaat niet meer; genomen is de opvolger, {successor}.",
        english: "{name} no longer exists; its successor was taken, {successor}.")
    static let successorAddress = Phrase(
        dutch: "Het mandaat van {address} is beëindigd; de brief gaat aan {successor}.",
        english: "The mandate of {address} is over; the letter goes to {successor}.")
}

extension Confidentiality {
    /// What a list says of something that isn't of the usual level.
    var mark: String { self == .standard ? "" : "  {" + rawValue + "}" }
}
