import RegiopostModel

/// What `--help` says.
enum Help {
    static let regiopost = Phrase(
        dutch: "Brieven, antwoorden en afspraken tussen provincie en gemeenten. Werkt ook zonder verbinding.",
        english: "Letters, answers and meetings between province and municipalities. Works offline as well.")
    static let profile = Phrase(
        dutch: "Naam van het profiel; één profiel is één adres (ook: REGIOPOST_PROFILE).",
        english: "The profile's name; one profile is one address (also: REGIOPOST_PROFILE).")
    static let home = Phrase(
        dutch: "Map waarin profielen staan (ook: REGIOPOST_HOME).",
        english: "The folder that profiles are in (also: REGIOPOST_HOME).")
    static let language = Phrase(dutch: "Taal: nl of en.", english: "Language: nl or en.")
    static let json = Phrase(dutch: "Uitvoer voor programma's.", english: "Output for programs.")
    static let badProfile = Phrase(
        dutch: "Een profielnaam is niet leeg en heeft geen schuine streep.",
        english: "A profile's name is not empty and has no slash.")
    static let enroll = Phrase(
        dutch: "Meldt u aan met de uitnodiging van de beheerder.", english: "Enrols with the operator's invitation."
    )
    static let invitation = Phrase(
        dutch: "De uitnodiging, één regel; - leest haar van standaardinvoer.",
        english: "The invitation, one line; - reads it from standard input.")
    static let status = Phrase(
        dutch: "Toont wie u bent en wat er wacht.", english: "Shows who you are and what waits.")
    static let sync = Phrase(
        dutch: "Verstuurt de wachtrij en haalt nieuwe post op.", english: "Sends the queue and fetches new post.")
    static let watch = Phrase(
        dutch: "Blijf verbonden en toon nieuwe post meteen.", english: "Stay connected and show new post at once.")
    static let trace = Phrase(
        dutch: "Toon het gesprek met de server, zonder geheimen.",
        english: "Show the dialogue with the server, without secrets.")
    static let protocolSession = Phrase(
        dutch: "Opent een verbinding om zelf regels van het protocol in te typen.",
        english: "Opens a connection to type lines of the protocol into.")
    static let letters = Phrase(dutch: "Toont brieven.", english: "Shows letters.")
    static let list = Phrase(dutch: "Toont ze allemaal.", english: "Shows all of them.")
    static let alsoShow = Phrase(
        dutch: "Eén helemaal zien: zet er 'show' en het nummer achter.",
        english: "To see one in full: add 'show' and its handle.")
    static let alsoQueue = Phrase(
        dutch:
            "Beslissen over wat geweigerd is: zet er 'resolve', 'edit', 'redo', 'retry' of 'drop' en het nummer achter.",
        english:
            "To decide about what was refused: add 'resolve', 'edit', 'redo', 'retry' or 'drop' and its handle.")
    static let show = Phrase(dutch: "Toont er één helemaal.", english: "Shows one in full.")
    static let letter = Phrase(
        dutch: "Leest, verstuurt of trekt een brief in (secretariaat).",
        english: "Reads, publishes or withdraws a letter (secretariat).")
    static let importLetter = Phrase(
        dutch: "Leest een brief als tekst of Markdown, meldt gebreken en bewaart hem als concept.",
        english: "Reads a letter as text or Markdown, reports defects and keeps it as a draft.")
    static let file = Phrase(
        dutch: "Het bestand; - voor standaardinvoer.", english: "The file; - for standard input.")
    static let drafts = Phrase(dutch: "Toont de concepten.", english: "Shows the drafts.")
    static let publish = Phrase(
        dutch: "Verstuurt een brief aan een rol in elke gemeente van een regio.",
        english: "Publishes a letter to a role in every municipality of a region.")
    static let draft = Phrase(dutch: "Een concept of een bestand.", english: "A draft or a file.")
    static let region = Phrase(dutch: "De regio, zoals haagse-regio.", english: "The region, such as haagse-regio.")
    static let to = Phrase(
        dutch: "De rol die hem krijgt; anders volgt zij uit de aanhef.",
        english: "The role that gets it; otherwise it follows from the salutation.")
    static let copy = Phrase(
        dutch: "De rol die een afschrift krijgt (standaard griffie); 'geen' voor geen.",
        english: "The role that gets a copy (griffie unless said otherwise); 'none' for none.")
    static let date = Phrase(
        dutch: "Verzenddatum (standaard vandaag).", english: "Dispatch date (today unless said otherwise).")
    static let due = Phrase(
        dutch: "Graag antwoord uiterlijk op deze datum, of na zoveel werkdagen: 20wd.",
        english: "An answer is welcome by this date, or within so many working days: 20wd.")
    static let dossier = Phrase(
        dutch: "Dossiernummer, DOS-JJJJ-NNNNNNN.", english: "Dossier number, DOS-YYYY-NNNNNNN.")
    static let document = Phrase(dutch: "Documentnummer.", english: "Document number.")
    static let title = Phrase(dutch: "Onderwerp.", english: "Subject.")
    static let withdraw = Phrase(dutch: "Trekt in.", english: "Withdraws.")
    static let reason = Phrase(dutch: "De reden.", english: "The reason.")
    static let letterHandle = Phrase(
        dutch: "De brief: nummer uit de lijst, dossier- of documentnummer.",
        english: "The letter: handle from the list, dossier or document number.")
    static let respond = Phrase(dutch: "Beantwoordt een brief.", english: "Answers a letter.")
    static let text = Phrase(dutch: "De tekst.", english: "The text.")
    static let answer = Phrase(
        dutch: "Antwoord op één verzoek uit de brief: \"1=ja: waarom\" (ja, deels, nee, later); mag vaker.",
        english: "Answer to one request in the letter: \"1=yes: why\" (yes, partly, no, later); may repeat.")
    static let support = Phrase(
        dutch: "Gevraagde ondersteuning: knowledge, cooperation, area-based, innovation, participation, finance.",
        english: "Support asked for: knowledge, cooperation, area-based, innovation, participation, finance.")
    static let reference = Phrase(dutch: "Uw eigen kenmerk.", english: "Your own reference.")
    static let key = Phrase(
        dutch: "Sleutel voor scripts: twee keer dezelfde sleutel is één aanvraag.",
        english: "Key for scripts: the same key twice is one request.")
    static let responses = Phrase(dutch: "Toont antwoorden.", english: "Shows responses.")
    static let response = Phrase(
        dutch: "Toont, bevestigt of trekt een antwoord in.", english: "Shows, acknowledges or withdraws a response."
    )
    static let acknowledge = Phrase(
        dutch: "Bevestigt dat de provincie het antwoord gelezen heeft.",
        english: "Says that the province has read it.")
    static let organisation = Phrase(
        dutch: "De gemeente: code of naam.", english: "The municipality: code or name.")
    static let note = Phrase(dutch: "Toelichting.", english: "A note.")
    static let meetings = Phrase(dutch: "Toont aanvragen en afspraken.", english: "Shows requests and meetings.")
    static let meeting = Phrase(
        dutch: "Vraagt een gesprek met de regio-accounthouder aan, en wat daarop volgt.",
        english: "Asks for a conversation with the regio-accounthouder, and what follows.")
    static let request = Phrase(dutch: "Vraagt aan.", english: "Asks for it.")
    static let briefing = Phrase(
        dutch: "Vraagt een toelichting voor de gemeenteraad aan (griffie).",
        english: "Asks for a briefing of the council (griffie).")
    static let meetingHandle = Phrase(
        dutch: "De aanvraag: nummer uit de lijst.", english: "The request: handle from the list.")
    static let slot = Phrase(
        dutch: "Een moment: \"2026-05-12 19:30-21:00\"; mag vaker.",
        english: "A slot: \"2026-05-12 19:30-21:00\"; may repeat.")
    static let theme = Phrase(dutch: "Een thema; mag vaker.", english: "A theme; may repeat.")
    static let place = Phrase(dutch: "De plaats, of 'online'.", english: "The place, or 'online'.")
    static let audience = Phrase(dutch: "Voor wie.", english: "For whom.")
    static let size = Phrase(dutch: "Voor hoeveel mensen.", english: "For how many people.")
    static let with = Phrase(
        dutch: "Een gemeente die mee mag doen; mag vaker.", english: "A municipality that may join; may repeat.")
    static let wholeRegion = Phrase(
        dutch: "Nodig alle gemeenten van de regio uit.", english: "Invite every municipality of the region.")
    static let propose = Phrase(
        dutch: "Stelt een moment voor (accounthouder).", english: "Proposes a slot (account holder).")
    static let counter = Phrase(dutch: "Stelt andere momenten voor.", english: "Proposes other slots.")
    static let accept = Phrase(dutch: "Stemt in met het voorstel.", english: "Agrees with the proposal.")
    static let confirm = Phrase(
        dutch: "Legt het moment vast (accounthouder).", english: "Fixes the slot (account holder).")
    static let decline = Phrase(dutch: "Wijst af (accounthouder).", english: "Declines (account holder).")
    static let cancel = Phrase(dutch: "Zegt af.", english: "Cancels.")
    static let join = Phrase(dutch: "Doet mee met een uitnodiging.", english: "Takes part by invitation.")
    static let queue = Phrase(
        dutch: "Toont wat nog niet is aangekomen, en beslist over wat geweigerd is.",
        english: "Shows what hasn't arrived yet, and decides about what was refused.")
    static let drop = Phrase(
        dutch: "Geeft een wijziging op die de server zeker niet heeft.",
        english: "Gives up a change that the server surely doesn't have.")
    static let retry = Phrase(
        dutch: "Biedt een geweigerde wijziging ongewijzigd opnieuw aan.",
        english: "Offers a refused change again as it is.")
    static let redo = Phrase(
        dutch: "Schrijft een geweigerde wijziging opnieuw op de stand van nu.",
        english: "Writes a refused change anew on what is there now.")
    static let queueHandle = Phrase(
        dutch: "Nummer uit 'regiopost queue'.", english: "Handle from 'regiopost queue'.")
    static let directory = Phrase(
        dutch: "Toont gemeenten, regio's en accounthouders.",
        english: "Shows municipalities, regions and account holders.")
}
