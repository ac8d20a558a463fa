import RegiopostModel

extension Texts {
    // MARK: Search
    static let nothingToSearch = Phrase(
        dutch: "Geef woorden om te zoeken, of een optie als --dossier of --municipality.",
        english: "Give words to look for, or an option such as --dossier or --municipality.")
    static let searchTooLong = Phrase(
        dutch:
            "Dat is te veel om in één keer te zoeken: hoogstens {terms} woorden, elk van hoogstens {bytes} bytes.",
        english: "That is too much to look for at once: at most {terms} words, each of at most {bytes} bytes.")
    static let nothingFound = Phrase(
        dutch:
            "Niets gevonden. Probeer het begin van een woord, of minder woorden; 'regiopost sync' haalt nieuwe post.",
        english: "Nothing found. Try the beginning of a word, or fewer words; 'regiopost sync' fetches new post.")
    static let moreFound = Phrase(
        dutch: "Er is meer gevonden dan deze {limit}; zoek preciezer of geef --limit.",
        english: "More was found than these {limit}; look for something narrower or give --limit.")
}

extension Help {
    static let search = Phrase(
        dutch: "Zoekt in alle post op deze machine, ook zonder verbinding.",
        english: "Searches all post on this machine, offline as well.")
    static let searchWords = Phrase(
        dutch: "Woorden, elk vanaf het begin van een woord; ook nummers, heel of half, en namen van gemeenten.",
        english: "Words, each from the beginning of a word; numbers as well, whole or in part, and municipalities.")
    static let searchDossier = Phrase(
        dutch: "Van dit dossier; ook een deel van het nummer.",
        english: "Of this dossier; part of its number will do."
    )
    static let searchDocument = Phrase(
        dutch: "Met dit documentnummer; ook een deel.", english: "Of this document number; part of it will do.")
    static let searchReference = Phrase(
        dutch: "Met dit kenmerk van een gemeente.", english: "With this reference of a municipality.")
    static let searchMunicipality = Phrase(
        dutch: "Aan, van of over deze gemeente: naam of code.",
        english: "To, from or about this municipality: name or code.")
    static let searchTheme = Phrase(dutch: "Over dit thema.", english: "About this theme.")
    static let searchKind = Phrase(
        dutch: "Alleen van deze soort: letter, response, meeting, …",
        english: "Of this kind only: letter, response, meeting, …")
    static let searchLimit = Phrase(
        dutch: "Hoeveel er hoogstens getoond worden (standaard 20).",
        english: "How many are shown at most (20 unless said otherwise).")
}
