import RegiopostModel

/// What the commands on the queue say.
enum QueueTexts {
    static let check = Phrase(
        dutch: "Toetst de hele wachtrij aan de regels van nu; er verandert niets.",
        english: "Judges the whole queue by the rules of now; nothing is changed.")
    static let edit = Phrase(
        dutch: "Past een wijziging aan die de server zeker niet heeft, en schrijft wat erop voortbouwt mee.",
        english: "Edits a change that the server surely doesn't have, and writes what builds on it along.")
    static let resolve = Phrase(
        dutch: "Toont beide versies naast elkaar, of kiest: --mine, --theirs of --edit.",
        english: "Shows both versions side by side, or chooses: --mine, --theirs or --edit.")
    static let mine = Phrase(
        dutch: "Houd de uwe: opnieuw geschreven op de stand van nu.",
        english: "Keep yours: written anew on what is there now.")
    static let theirs = Phrase(
        dutch: "Neem de hunne: geef de uwe op.", english: "Take theirs: give yours up.")
    static let newText = Phrase(dutch: "De nieuwe tekst.", english: "The new text.")
    static let newBody = Phrase(
        dutch: "Een bestand met de nieuwe inhoud als JSON (body); - voor standaardinvoer.",
        english: "A file with the new content as JSON (body); - for standard input.")
    static let withDependents = Phrase(
        dutch: "Geef ook op wat erop voortbouwt.", english: "Give up what builds on it as well.")
    static let textOrBody = Phrase(dutch: "Geef --text of --body.", english: "Give --text or --body.")
    static let oneChoice = Phrase(
        dutch: "Kies er één: --mine, --theirs of --edit.", english: "Choose one: --mine, --theirs or --edit.")
    static let onlyWithEdit = Phrase(
        dutch: "--text en --body horen bij --edit.", english: "--text and --body belong to --edit.")
    static let onlyWithTheirs = Phrase(
        dutch: "--with-dependents hoort bij --theirs.", english: "--with-dependents belongs to --theirs.")

    static let hasDependents = Phrase(
        dutch:
            "Op {handle} bouwt voort: {list}. Dat kan zonder {handle} nooit aankomen. Er is niets verwijderd; geef alles op "
            + "met --with-dependents, of pas {handle} aan met 'regiopost queue edit {handle}'.",
        english:
            "On {handle} builds: {list}. Without {handle} that can never arrive. Nothing was taken out; give up all of it "
            + "by --with-dependents, or change {handle} by 'regiopost queue edit {handle}'.")
    static let unchanged = Phrase(
        dutch: "De tekst is niet veranderd; er is niets gedaan.",
        english: "The text wasn't changed; nothing was done.")
    static let kept = Phrase(
        dutch: "Uw aangepaste tekst is bewaard in {path}.", english: "Your edited text was kept in {path}.")
    static let editorFailed = Phrase(
        dutch:
            "De editor eindigde met status {status}; er is niets gedaan. Stel EDITOR in, of gebruik --text of --body.",
        english: "The editor ended with status {status}; nothing was done. Set EDITOR, or use --text or --body.")
    static let noText = Phrase(
        dutch: "{handle} heeft geen tekst. Pas de inhoud aan met --body.",
        english: "{handle} has no text. Change the content by --body.")
    static let overdue = Phrase(
        dutch:
            "LET OP: {count} in de wachtrij is ouder dan een dag en niet aangekomen; het oudste is {handle}, van {time}. "
            + "Synchroniseer, of zie 'regiopost queue show {handle}'.",
        english:
            "ATTENTION: {count} in the queue is older than a day and hasn't arrived; the oldest is {handle}, of {time}. "
            + "Sync, or see 'regiopost queue show {handle}'.")
    static let allFine = Phrase(
        dutch: "Alles in de wachtrij ({count}) kan zo verstuurd worden.",
        english: "Everything in the queue ({count}) can be sent as it is.")
    static let notAllFine = Phrase(
        dutch: "{bad} van {count} in de wachtrij kan niet zo verstuurd worden.",
        english: "{bad} of {count} in the queue can't be sent as it is.")
    static let mineHeading = Phrase(dutch: "UW VERSIE", english: "YOUR VERSION")
    static let theirsHeading = Phrase(dutch: "WAT ER NU STAAT", english: "WHAT IS THERE NOW")
    static let nothingThere = Phrase(
        dutch: "Hier is nog niets van de ander. Synchroniseer eerst.",
        english: "Nothing of the other side is here yet. Sync first.")
    static let choose = Phrase(
        dutch: "Kies: 'regiopost queue resolve {handle}' met --mine (de uwe), --theirs (de hunne) of --edit.",
        english: "Choose: 'regiopost queue resolve {handle}' with --mine (yours), --theirs or --edit.")

    // MARK: What to do
    static let adviceQueued = Phrase(
        dutch: "'regiopost sync' verstuurt het. Tot dan kunt u het aanpassen of opgeven.",
        english: "'regiopost sync' sends it. Until then you can edit or drop it.")
    static let adviceSent = Phrase(
        dutch: "Misschien is het al aangekomen; 'regiopost sync' zoekt het uit. Er komt nooit een tweede bij.",
        english: "It may have arrived; 'regiopost sync' finds out. There will never be a second one.")
    static let adviceAccepted = Phrase(
        dutch: "De server heeft het; er is niets te doen.", english: "The server has it; there is nothing to do.")
    static let adviceConflict = Phrase(
        dutch: "Bekijk beide versies: 'regiopost queue resolve {handle}'.",
        english: "Look at both versions: 'regiopost queue resolve {handle}'.")
    static let adviceRefused = Phrase(
        dutch:
            "Pas het aan ('regiopost queue edit {handle}'), schrijf het opnieuw op de stand van nu ('redo'), bied het "
            + "ongewijzigd weer aan ('retry') of geef het op ('drop').",
        english:
            "Change it ('regiopost queue edit {handle}'), write it anew on what is there now ('redo'), offer it again as "
            + "it is ('retry') or give it up ('drop').")
    static let adviceHeld = Phrase(
        dutch: "Beslis eerst over wat geweigerd is waar dit op voortbouwt: {list}.",
        english: "Decide first about what was refused that this builds on: {list}.")

    /// How old something is: minutes, hours or days, whichever says it best.
    static func age(_ milliseconds: Int64, _ language: Language) -> String {
        let minutes = milliseconds / 60_000
        let phrase: Phrase
        let count: Int64
        switch minutes {
        case ..<60: (phrase, count) = (Phrase(dutch: "{count} min", english: "{count} min"), minutes)
        case ..<2_880: (phrase, count) = (Phrase(dutch: "{count} uur", english: "{count} h"), minutes / 60)
        default: (phrase, count) = (Phrase(dutch: "{count} dagen", english: "{count} days"), minutes / 1_440)
        }
        return phrase.text(language, ["count": String(count)])
    }

    /// What people call a field of a change; the field's own name where there is no better.
    static func label(_ field: String, _ language: Language) -> String {
        labels[field]?.text(language) ?? field
    }

    private static let labels: [String: Phrase] = [
        "text": Phrase(dutch: "Tekst", english: "Text"), "reason": Phrase(dutch: "Reden", english: "Reason"),
        "note": Phrase(dutch: "Toelichting", english: "Note"),
        "title": Phrase(dutch: "Onderwerp", english: "Subject"),
        "dossier": Phrase(dutch: "Dossier", english: "Dossier"),
        "document": Phrase(dutch: "Document", english: "Document"), "date": Phrase(dutch: "Datum", english: "Date"),
        "due": Phrase(dutch: "Uiterlijk", english: "Due"), "slot": Phrase(dutch: "Moment", english: "Slot"),
        "slots": Phrase(dutch: "Momenten", english: "Slots"), "place": Phrase(dutch: "Plaats", english: "Place"),
        "themes": Phrase(dutch: "Thema's", english: "Themes"),
        "support": Phrase(dutch: "Ondersteuning", english: "Support"),
        "answers": Phrase(dutch: "Antwoorden", english: "Answers"),
        "reference": Phrase(dutch: "Kenmerk", english: "Reference"),
        "recipients": Phrase(dutch: "Aan", english: "To"), "copies": Phrase(dutch: "Afschrift", english: "Copy"),
        "confidentiality": Phrase(dutch: "Vertrouwelijkheid", english: "Confidentiality"),
        "kind": Phrase(dutch: "Soort", english: "Kind"), "name": Phrase(dutch: "Naam", english: "Name"),
    ]
}
