/// Something in a letter that a person should look at before it is published.
public struct LetterWarning: Hashable, Sendable {
    /// What it is about.
    public let code: Code
    /// The line, 1 for the letter's first.
    public let line: Int
    /// What the code's sentence names, by the names of its places.
    public let values: [String: String]

    /// Makes a warning.
    public init(_ code: Code, line: Int, _ values: [String: String] = [:]) {
        self.code = code
        self.line = line
        self.values = values
    }

    /// What is wrong and what to do, in one or two sentences.
    public func text(_ language: Language) -> String { code.phrase.text(language, values) }
}

extension LetterWarning {
    /// What a warning is about. The raw values are stable: scripts may act on them.
    public enum Code: String, Sendable, CaseIterable {
        /// There is no date.
        case missingDate = "missing-date"
        /// There is something like a date, which is none. Value: `found`.
        case unreadableDate = "unreadable-date"
        /// The head has no dossier number.
        case missingDossier = "missing-dossier"
        /// A dossier number is written wrongly. Values: `found`, `suggestion`.
        case malformedDossier = "malformed-dossier"
        /// The text names another dossier than the head. Values: `found`, `expected`.
        case differingDossier = "differing-dossier"
        /// The text names a dossier that differs from the letter's in one digit, or in two that were swapped. Values:
        /// `found`, `expected`.
        case mistypedDossier = "mistyped-dossier"
        /// The head has no document number.
        case missingDocument = "missing-document"
        /// There is no subject line.
        case missingSubject = "missing-subject"
        /// Nobody is addressed.
        case missingSalutation = "missing-salutation"
        /// A name, number or address to contact is left blank. Value: `found`.
        case blankContact = "blank-contact"
        /// A link leads nowhere. Value: `found`.
        case deadLink = "dead-link"
        /// There is a citizen service number. The text is refused when it is sent.
        case bsnFound = "bsn-found"
        /// Eight digits that would be a citizen service number with a zero before them.
        case possibleBSN = "possible-bsn"
        /// The number of attachments can't be read. Value: `found`.
        case badAttachmentCount = "bad-attachment-count"
        /// The number of attachments isn't the number listed. Values: `count`, `listed`.
        case attachmentCountMismatch = "attachment-count-mismatch"
        /// The letter has attachments, which are given when it is published. Value: `count`.
        case attachmentsToAttach = "attachments-to-attach"
        /// Nobody signs, or a function has no name. Value: `function`.
        case missingSignatory = "missing-signatory"
    }
}

extension LetterWarning.Code {
    /// What is wrong and what to do, with places for the warning's values.
    public var phrase: Phrase {
        switch self {
        case .missingDate, .unreadableDate, .missingSubject, .missingSalutation, .missingSignatory: headPhrase
        case .missingDossier, .malformedDossier, .differingDossier, .mistypedDossier, .missingDocument:
            referencePhrase
        case .blankContact, .deadLink, .bsnFound, .possibleBSN: contentPhrase
        case .badAttachmentCount, .attachmentCountMismatch, .attachmentsToAttach: attachmentPhrase
        }
    }

    private var headPhrase: Phrase {
        switch self {
        case .unreadableDate:
            Phrase(
                dutch: "“{found}” is geen datum. Schrijf de datum als 27 maart 2026.",
                english: "“{found}” is no date. Write the date like 27 maart 2026.")
        case .missingSubject:
            Phrase(
                dutch: "De brief heeft geen onderwerp. Vul de regel “Onderwerp” in.",
                english: "The letter has no subject. Fill in the line “Onderwerp”.")
        case .missingSalutation:
            Phrase(
                dutch: "De brief spreekt niemand aan. Begin de tekst met een aanhef, zoals “Geacht college,”.",
                english: "The letter addresses nobody. Start the text with a salutation like “Geacht college,”.")
        case .missingSignatory:
            Phrase(
                dutch: "De ondertekening is niet compleet: er staat geen naam bij “{function}”. Vul de naam in.",
                english: "The signature is incomplete: there is no name for “{function}”. Fill in the name.")
        default:
            Phrase(
                dutch: "De brief heeft geen datum. Vul de datum in, of laat hem bij het publiceren zetten.",
                english: "The letter has no date. Fill it in, or let it be set when the letter is published.")
        }
    }

    private var referencePhrase: Phrase {
        switch self {
        case .malformedDossier:
            Phrase(
                dutch: "“{found}” is geen geldig DOS-nummer. Schrijf het als {suggestion}.",
                english: "“{found}” is no valid dossier number. Write it like {suggestion}.")
        case .differingDossier:
            Phrase(
                dutch: "Hier staat {found}, maar de brief hoort bij {expected}. Controleer welk DOS-nummer klopt.",
                english: "Here stands {found}, but the letter belongs to {expected}. Check which one is right.")
        case .mistypedDossier:
            Phrase(
                dutch:
                    "Hier staat {found}. Bedoeld is vast {expected}, het dossier waar dit bij hoort: controleer het.",
                english: "Here stands {found}. Did you mean {expected}, the dossier that this belongs to? Check it."
            )
        case .missingDocument:
            Phrase(
                dutch: "De brief heeft geen documentnummer. Zet het onder “Ons kenmerk”, als PZH-2026-000000042.",
                english: "The letter has no document number. Put it under “Ons kenmerk”, like PZH-2026-000000042.")
        default:
            Phrase(
                dutch: "De brief heeft geen DOS-nummer. Zet het onder “Ons kenmerk”, als DOS-2026-0000042.",
                english: "The letter has no dossier number. Put it under “Ons kenmerk”, like DOS-2026-0000042.")
        }
    }

    private var contentPhrase: Phrase {
        switch self {
        case .deadLink:
            Phrase(
                dutch: "De link “{found}” leidt nergens heen. Vul het adres in of haal de link weg.",
                english: "The link “{found}” leads nowhere. Fill in its address or remove the link.")
        case .bsnFound:
            Phrase(
                dutch:
                    "Hier staat wat een burgerservicenummer (BSN) lijkt; zo wordt dit niet verstuurd. Haal het weg, of "
                    + "zeg erbij wat het is, zoals “zaaknummer”.",
                english:
                    "Here stands what looks like a citizen service number (BSN); this won't be sent like that. "
                    + "Remove it, or say what it is, such as “zaaknummer”.")
        case .possibleBSN:
            Phrase(
                dutch:
                    "Hier staan acht cijfers die met een nul ervoor een burgerservicenummer (BSN) zijn. Controleer of "
                    + "dat zo is; een BSN hoort hier niet.",
                english:
                    "Here stand eight digits that are a citizen service number (BSN) with a zero before them. Check "
                    + "whether they are; a BSN doesn't belong here.")
        default:
            Phrase(
                dutch: "In “{found}” is een contactgegeven leeg gebleven. Vul het in.",
                english: "In “{found}” a way to get in contact was left blank. Fill it in.")
        }
    }

    private var attachmentPhrase: Phrase {
        switch self {
        case .badAttachmentCount:
            Phrase(
                dutch: "“{found}” is geen aantal bijlagen. Schrijf een getal; 0 als er geen zijn.",
                english: "“{found}” is no number of attachments. Write a number; 0 where there are none.")
        case .attachmentCountMismatch:
            Phrase(
                dutch: "Volgens de brief horen er {count} bijlagen bij, maar er staan er {listed} in de lijst. "
                    + "Pas het aantal of de lijst aan.",
                english: "The letter says that it has {count} attachments, but lists {listed}. "
                    + "Correct the number or the list.")
        default:
            Phrase(
                dutch:
                    "Bij de brief hoort iets als bijlage ({count}). Geef elk bestand mee met --attach als u hem verstuurt.",
                english: "The letter has attachments ({count}). Give each file by --attach when you publish it.")
        }
    }
}
