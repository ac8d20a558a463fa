import RegiopostModel

/// What is said about meetings that several organisations take part in, and about what comes after the date.
extension Texts {
    static let noCommonSlot = Phrase(
        dutch:
            "Geen moment past iedereen die meedoet. Wat de meesten past:\n{list}\nKies er een met --slot, of vraag om "
            + "andere momenten.",
        english:
            "No slot suits everybody who takes part. What suits the most:\n{list}\nChoose one by --slot, or ask for "
            + "other slots.")
    static let nobodyNamedSlots = Phrase(
        dutch: "Niemand die meedoet heeft momenten genoemd; elk moment kan. Kies er een met --slot.",
        english: "Nobody who takes part named any slots; any will do. Choose one by --slot.")
    static let slotsTooShort = Phrase(
        dutch:
            "Niemand die meedoet noemt een moment van {minutes} minuten dat nog komt. Kies een kortere --length.",
        english: "Nobody who takes part names a slot of {minutes} minutes to come. Choose a shorter --length.")
    static let notSuited = Phrase(dutch: "{slot} (past niet: {names})", english: "{slot} (doesn't suit {names})")
    static let slotOrCommon = Phrase(
        dutch: "Geef óf --slot óf --common.", english: "Give either --slot or --common.")
    static let lengthOfCommon = Phrase(
        dutch: "--length hoort bij --common, en is 1 tot 1440 minuten.",
        english: "--length goes with --common, and is 1 to 1440 minutes.")
    static let notJoined = Phrase(
        dutch: "{name} doet hier niet aan mee.", english: "{name} doesn't take part in this.")
    static let badLanguage = Phrase(
        dutch: "'{language}' is geen taal zoals nl, en of nl-BE.",
        english: "'{language}' is no language such as nl, en or nl-BE.")
    static let noMinutes = Phrase(
        dutch: "Er is geen verslag. Geef het met --minutes of --file (- voor standaardinvoer).",
        english: "There are no minutes. Give them by --minutes or --file (- for standard input).")
    static let onlineOrNot = Phrase(
        dutch: "Geef óf --online óf --in-person.", english: "Give either --online or --in-person.")
}

extension Help {
    static let meetingKind = Phrase(
        dutch: "Wat u vraagt: conversation (gesprek), briefing, knowledge-session (kennissessie) of expert-team.",
        english: "What you ask for: conversation, briefing, knowledge-session or expert-team.")
    static let online = Phrase(dutch: "Liefst online.", english: "Online, preferably.")
    static let inPerson = Phrase(dutch: "Liefst niet online.", english: "Not online, preferably.")
    static let spoken = Phrase(
        dutch: "De voertaal, zoals nl of en.", english: "The language to speak, such as nl or en.")
    static let team = Phrase(
        dutch: "Het team dat u vraagt, zoals \"Expertteam Realisatie Woningbouw\".",
        english: "The team you ask for, such as \"Expertteam Realisatie Woningbouw\".")
    static let common = Phrase(
        dutch: "Het eerste moment dat iedereen past die meedoet.",
        english: "The first slot that suits all who take part.")
    static let length = Phrase(
        dutch: "Hoe lang, in minuten; anders zolang het iedereen past.",
        english: "How long, in minutes; otherwise as long as it suits all.")
    static let leave = Phrase(dutch: "Doet niet meer mee.", english: "No longer takes part.")
    static let reschedule = Phrase(
        dutch: "Vraagt een andere datum voor een bevestigde afspraak; de accounthouder stelt er meteen een voor.",
        english: "Asks for another date for a confirmed meeting; the account holder proposes one at once.")
    static let hold = Phrase(
        dutch: "Legt vast dat het heeft plaatsgevonden, met verslag (accounthouder).",
        english: "Says that it has taken place, with minutes (account holder).")
    static let minutes = Phrase(dutch: "Het verslag.", english: "The minutes.")
    static let present = Phrase(
        dutch: "Een gemeente die er was; mag vaker.", english: "A municipality that was there; may repeat.")
}
