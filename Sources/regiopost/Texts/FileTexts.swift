import RegiopostModel

/// What the commands say about attachments.
enum FileTexts {
    // MARK: Help
    static let attachment = Phrase(
        dutch: "Bijlagen: welke er zijn, en ze ophalen en bewaren.",
        english: "Attachments: which there are, and fetching and saving them.")
    static let list = Phrase(
        dutch: "Toont de bijlagen van een brief en van de antwoorden erop, of alle.",
        english: "Shows the attachments of a letter and of the answers to it, or all.")
    static let get = Phrase(
        dutch: "Bewaart een bijlage als bestand; haalt haar eerst op als zij nog niet hier is.",
        english: "Saves an attachment as a file; fetches it first where it isn't here yet.")
    static let attach = Phrase(
        dutch: "Bestanden die als bijlage meegaan; zij worden meteen gekopieerd.",
        english: "Files to send along as attachments; they are copied at once.")
    static let name = Phrase(dutch: "De naam van de bijlage.", english: "The attachment's name.")
    static let from = Phrase(
        dutch: "Van wie, als er meer bijlagen zo heten: een gemeente of een provincie.",
        english: "Whose, where several attachments have that name: a municipality or a province.")
    static let output = Phrase(
        dutch: "Waar zij komt te staan; zonder dit hier, onder haar eigen naam.",
        english: "Where to put it; without this here, under its own name.")
    static let limit = Phrase(
        dutch: "Hoeveel MiB aan bijlagen deze synchronisatie uit zichzelf ophaalt (200); 0 voor geen.",
        english: "How many MiB of attachments this sync fetches by itself (200); 0 for none.")

    // MARK: What is said
    static let label = Phrase(dutch: "Bijlagen", english: "Attachments")
    static let none = Phrase(dutch: "Er zijn geen bijlagen.", english: "There are no attachments.")
    static let here = Phrase(dutch: "hier", english: "here")
    static let atServer = Phrase(
        dutch: "nog op te halen: regiopost attachment get", english: "to be fetched: regiopost attachment get")
    static let saved = Phrase(dutch: "Bewaard: {path} ({size}).", english: "Saved: {path} ({size}).")
    static let fetched = Phrase(
        dutch: "Bijlagen opgehaald: {count} ({size}).", english: "Attachments fetched: {count} ({size}).")
    static let left = Phrase(
        dutch: "Nog op de server: {list}. Haal op met 'regiopost attachment get', of met 'regiopost sync "
            + "--attachments MiB'.",
        english: "Still at the server: {list}. Fetch by 'regiopost attachment get', or by 'regiopost sync "
            + "--attachments MiB'.")
    static let notGiven = Phrase(
        dutch: "De server geeft deze bijlagen niet: {list}. Vraag ze op bij de afzender.",
        english: "The server doesn't give these attachments: {list}. Ask their sender for them.")

    // MARK: What is wrong
    static let noAttachment = Phrase(
        dutch: "Geen bijlage heet '{name}'. Zie 'regiopost attachment list'.",
        english: "No attachment is called '{name}'. See 'regiopost attachment list'.")
    static let several = Phrase(
        dutch: "Meer dan één bijlage heet '{name}': van {list}. Kies met --from.",
        english: "More than one attachment is called '{name}': of {list}. Choose by --from.")
    static let exists = Phrase(
        dutch: "{path} bestaat al; er is niets overschreven. Kies met -o een andere plaats.",
        english: "{path} exists already; nothing was overwritten. Choose another place by -o.")
    static let hidden = Phrase(
        dutch: "'{name}' zou een verborgen bestand worden. Kies met -o hoe het hier heet.",
        english: "'{name}' would be a hidden file. Choose by -o what it is called here.")
    static let sameName = Phrase(
        dutch: "Twee bijlagen heten '{name}'. Geef een van beide bestanden een andere naam.",
        english: "Two attachments are called '{name}'. Give one of the files another name.")
    static let otherCount = Phrase(
        dutch:
            "De brief noemt {count} bijlagen, maar er zijn er {files} toegevoegd. Verbeter de brief of voeg ze alle toe.",
        english:
            "The letter names {count} attachments, but {files} were attached. Correct the letter or attach them all."
    )
}
