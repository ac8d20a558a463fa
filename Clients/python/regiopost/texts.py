"""What people read, in Dutch and in English: the one catalogue. Programs read JSON, codes and states, in neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .codes import CODES

LANGUAGES = ("nl", "en")


def preferred(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language to speak: what ``--language`` says, else the locale (``LC_ALL``, ``LC_MESSAGES``, ``LANG``, in the
    order of POSIX), else English."""
    for index, argument in enumerate(arguments):
        named = argument.removeprefix("--language=") if argument.startswith("--language=") else None
        if argument == "--language" and index + 1 < len(arguments):
            named = arguments[index + 1]
        if named in LANGUAGES:
            return named
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return "nl" if locale.lower().startswith("nl") else "en"


def text(key: str, language: str = "en", **values: object) -> str:
    """A text of the catalogue with its values filled in; of a code of the registry, its sentence."""
    if key in TEXTS:
        english, dutch = TEXTS[key]
    else:
        english, dutch = CODES[key].english, CODES[key].dutch
    return (dutch if language == "nl" else english).format(**values)


def has(key: str) -> bool:
    """Whether the catalogue has it."""
    return key in TEXTS or key in CODES


def word(state: str, language: str) -> str:
    """What people call a state, a kind or a verdict; one that is newer than this program is shown as it is."""
    english, dutch = WORDS.get(state, (state, state))
    return dutch if language == "nl" else english


WORDS: Mapping[str, tuple[str, str]] = {
    "available": ("available", "klaargezet"),
    "delivered": ("delivered", "afgeleverd"),
    "opened": ("opened", "geopend"),
    "published": ("published", "gepubliceerd"),
    "superseded": ("superseded", "vervangen"),
    "withdrawn": ("withdrawn", "ingetrokken"),
    "submitted": ("submitted", "ingediend"),
    "acknowledged": ("acknowledged", "gelezen"),
    "requested": ("requested", "aangevraagd"),
    "proposed": ("proposed", "voorgesteld"),
    "countered": ("countered", "tegenvoorstel"),
    "accepted": ("accepted", "akkoord"),
    "confirmed": ("confirmed", "bevestigd"),
    "held": ("held", "gehouden"),
    "declined": ("declined", "afgewezen"),
    "cancelled": ("cancelled", "geannuleerd"),
    "open": ("open", "open"),
    "done": ("done", "gedaan"),
    "dropped": ("dropped", "vervallen"),
    "closed": ("closed", "afgesloten"),
    "discarded": ("discarded", "weggelegd"),
    "planned": ("planned", "gepland"),
    "ended": ("ended", "afgelopen"),
    "running": ("running", "loopt"),
    "suspended": ("suspended", "opgeschort"),
    "waiting": ("waiting", "wacht"),
    "taken": ("taken", "ontvangen"),
    "refused": ("refused", "geweigerd"),
    "conversation": ("conversation", "gesprek"),
    "briefing": ("briefing", "toelichting"),
    "knowledge-session": ("knowledge session", "kennissessie"),
    "expert-team": ("expert team", "expertteam"),
    "letter": ("letter", "brief"),
    "response": ("response", "antwoord"),
    "joint": ("joint response", "gezamenlijk antwoord"),
    "yes": ("yes", "ja"),
    "partly": ("partly", "deels"),
    "no": ("no", "nee"),
    "later": ("later", "later"),
}
"""States, kinds and verdicts: what JSON has, in English, in Dutch."""

_PROBLEMS = {
    # Input
    "no-letter": ("there is no letter called {text}", "er is geen brief {text}"),
    "many-letters": ("there are {count} letters called {text}", "er zijn {count} brieven {text}"),
    "answer-form": (
        "{text}: an answer is written 2=partly, or 2=partly:why",
        "{text}: schrijf een antwoord als 2=partly, of 2=partly:waarom",
    ),
    "slot-form": (
        "{text}: a slot is written 2026-06-02 19:30-21:30",
        "{text}: schrijf een tijdvak als 2026-06-02 19:30-21:30",
    ),
    "request-unknown": (
        "the letter makes {count} requests, and none with the number {number}",
        "de brief doet {count} verzoeken, en geen met nummer {number}",
    ),
    "answered-twice": ("a request is answered once", "een verzoek wordt één keer beantwoord"),
    "withdrawn-because": ("letter-withdrawn: {reason}", "de brief is ingetrokken: {reason}"),
    "file-empty": ("{path}: the file is empty", "{path}: het bestand is leeg"),
    "no-utf8": ("the text is no UTF-8", "de tekst is geen UTF-8"),
    "no-region": (
        "the directory has no region for {organisation}: sync first",
        "het adresboek heeft geen regio voor {organisation}: haal eerst op (sync)",
    ),
    "newer-program": (
        "a newer program wrote on {subject}: this one mustn't change it",
        "een nieuwer programma schreef op {subject}: dit programma mag daar niets aan wijzigen",
    ),
    # The queue
    "key-used": (
        "this key was used for something else, and that stands",
        "deze sleutel is al voor iets anders gebruikt, en dat blijft staan",
    ),
    "queue-none": ("nothing in the queue is called {text}", "niets in de wachtrij heet {text}"),
    "queue-many": (
        "more than one change in the queue is called {text}",
        "meer dan één wijziging in de wachtrij heet {text}",
    ),
    "queue-which": (
        "which one? regiopost-py queue shows the ids",
        "welke? regiopost-py queue toont de kenmerken",
    ),
    "only-refused": (
        "only what was refused can be written again",
        "alleen wat geweigerd is kan opnieuw geschreven worden",
    ),
    "may-be-there": (
        "this change may be at the server: it can't be changed before a definite NO",
        "deze wijziging kan al bij de server zijn: eerst moet die haar zeker geweigerd hebben",
    ),
    # The profile
    "no-profile": ("there is no profile {name}: enrol first", "er is geen profiel {name}: meld eerst aan (enrol)"),
    "bad-profile": ("the profile {name} can't be read", "het profiel {name} is niet te lezen"),
    "profile-name": (
        "a profile's name is made of letters, digits, dots and hyphens",
        "de naam van een profiel bestaat uit letters, cijfers, punten en streepjes",
    ),
    "profile-taken": (
        "the profile {name} is {address}: take another name",
        "het profiel {name} is van {address}: neem een andere naam",
    ),
    "busy": (
        "another process is enrolling or syncing this profile",
        "een ander proces is dit profiel aan het aanmelden of bijwerken",
    ),
    "no-invitation": (
        "this is no invitation: copy the whole line, from regiopost:1: to its end",
        "dit is geen uitnodiging: neem de hele regel over, van regiopost:1: tot het einde",
    ),
    "no-openssl": (
        "the command openssl isn't installed, which enrolling needs",
        "het commando openssl ontbreekt, dat nodig is om aan te melden",
    ),
    "openssl-failed": ("openssl {command}: {said}", "openssl {command}: {said}"),
    # The connection
    "unreachable": ("the server can't be reached", "de server is niet bereikbaar"),
    "not-let-in": ("the server doesn't let this profile in", "de server laat dit profiel niet toe"),
    "untrusted": ("this isn't the server that was trusted", "dit is niet de server die vertrouwd was"),
    "closed": ("the server closed the connection", "de server sloot de verbinding"),
    "cut-off": ("the connection was cut off", "de verbinding is afgebroken"),
    "timed-out": ("the server didn't answer in time", "de server antwoordde niet op tijd"),
    "violation": ("the server breaks the protocol", "de server houdt zich niet aan het protocol"),
    "other-server": (
        "this isn't the server that the invitation names: nothing was sent to it",
        "dit is niet de server van de uitnodiging: er is niets naartoe gestuurd",
    ),
    "other-root": (
        "the server gave another root than the one pinned",
        "de server gaf een andere stam dan in de uitnodiging staat",
    ),
    "trying-again": ("{what}; trying again", "{what}; er wordt opnieuw verbonden"),
    "for-enrolment": ("this connection is for enrolment", "deze verbinding is om aan te melden"),
    "too-early": ("nothing may be asked before the greeting", "voor de begroeting mag niets gevraagd worden"),
    "one-line": ("a change is one line of JSON", "een wijziging is één regel JSON"),
    "tag-used": ("this tag is under way", "dit label is al onderweg"),
    "file-fetched": ("this file is being fetched", "dit bestand wordt al opgehaald"),
    "no-files": ("this server has no files", "deze server kent geen bestanden"),
}
"""What went wrong, by key."""

_SHOWN = {
    "usage": ("usage:", "gebruik:"),
    "arguments": ("arguments:", "argumenten:"),
    "options": ("options:", "opties:"),
    "enrolled": ("enrolled as {address}", "aangemeld als {address}"),
    "queued": ("queued: {type} {id}", "in de wachtrij: {type} {id}"),
    "goes-again": ("goes again: {id}", "gaat opnieuw: {id}"),
    "rewritten": ("written again: {type} {id}", "opnieuw geschreven: {type} {id}"),
    "gone": ("dropped: {id}", "laten vallen: {id}"),
    "received-at": ("received by the server {time}", "door de server ontvangen {time}"),
    "news": ("{received}  {type}  {subject}  by {author}", "{received}  {type}  {subject}  door {author}"),
    "report": ("{sent} sent, {received} received", "{sent} verstuurd, {received} ontvangen"),
    "report-refused": ("refused: {id}: {why}", "geweigerd: {id}: {why}"),
    "report-later": ("later: {id}: {why}", "later: {id}: {why}"),
    "report-held": ("waits for one that wasn't taken: {id}", "wacht op een die niet is aangenomen: {id}"),
    "report-resync": ("read again from the start: {mailbox}", "opnieuw vanaf het begin gelezen: {mailbox}"),
    "report-unknown": (
        "kept, of types that this program doesn't know: {counts}",
        "bewaard, van soorten die dit programma niet kent: {counts}",
    ),
    "due": ("due {day}", "uiterlijk {day}"),
    "overdue": ("overdue since {day}", "te laat sinds {day}"),
    "stands-still": ("the term stands still since {day}", "de termijn staat stil sinds {day}"),
    "reminded": ("reminded {count} times, last by {by}", "{count} keer herinnerd, laatst door {by}"),
    "answered-by": ("-- {organisation}, {status}:", "-- {organisation}, {status}:"),
    "joint-by": (
        "-- {members} together, {status}; signed: {signed}",
        "-- {members} samen, {status}; ondertekend: {signed}",
    ),
    "declines": ("   {by} won't sign: {reason}", "   {by} tekent niet: {reason}"),
    "owner": ("{owner} sees to it", "{owner} zorgt ervoor"),
    "in-programme": ("{count} agreements", "{count} afspraken"),
    "version": ("version {number}", "versie {number}"),
    "signed": ("signed: {names}", "ondertekend: {names}"),
    "missing": ("still to sign: {names}", "nog te ondertekenen: {names}"),
    "nobody": ("nobody", "niemand"),
}
"""What commands say, by key."""

_HELP = {
    "about": (
        "Letters and meetings between province and municipalities.",
        "Brieven en overleggen tussen provincie en gemeenten.",
    ),
    "help-help": ("show this and end", "toon dit en stop"),
    "help-version": ("show the version and end", "toon de versie en stop"),
    "help-profile": (
        "the profile's name; one profile is one address (also: REGIOPOST_PROFILE)",
        "de naam van het profiel; één profiel is één adres (ook: REGIOPOST_PROFILE)",
    ),
    "help-json": ("one JSON object a line, for programs", "één JSON-object per regel, voor programma's"),
    "help-language": ("nl or en; by default the locale's", "nl of en; standaard die van de omgeving"),
    "help-enrol": ("Turns an invitation into a profile.", "Maakt van een uitnodiging een profiel."),
    "help-invitation": (
        "regiopost:1:…, or - to read it from the standard input",
        "regiopost:1:…, of - om die van de standaardinvoer te lezen",
    ),
    "help-sync": ("Sends the queue and fetches what is new.", "Verstuurt de wachtrij en haalt op wat nieuw is."),
    "help-watch": (
        "Stays connected; what comes in is shown at once.",
        "Blijft verbonden; wat binnenkomt wordt meteen getoond.",
    ),
    "help-for": ("stop after so long", "stop na zo lang"),
    "help-letters": ("Shows letters, and when answers are due.", "Toont brieven, en wanneer antwoord verwacht wordt."),
    "help-meetings": ("Shows meetings.", "Toont overleggen."),
    "help-agreements": ("Shows agreements.", "Toont afspraken."),
    "help-programmes": ("Shows implementation programmes.", "Toont uitvoeringsprogramma's."),
    "help-drafts": ("Shows drafts, and who has signed them.", "Toont concepten, en wie ze ondertekend heeft."),
    "help-show": (
        "Shows a letter and the answers to it, a meeting, an agreement, a programme or a draft.",
        "Toont een brief en de antwoorden erop, een overleg, een afspraak, een programma of een concept.",
    ),
    "help-reference": (
        "a dossier, a document, an id, or the last twelve digits of an id",
        "een dossier, een document, een kenmerk, of de laatste twaalf tekens van een kenmerk",
    ),
    "help-unopened": (
        "don't tell the sender that the letter was opened",
        "laat de afzender niet weten dat de brief geopend is",
    ),
    "help-fetch": (
        "Brings the files of a letter and of the answers to it, of a meeting or of a draft.",
        "Haalt de bestanden van een brief en van de antwoorden erop, van een overleg of van een concept.",
    ),
    "help-letter": ("a dossier, a document or an id", "een dossier, een document of een kenmerk"),
    "help-to": ("where to put them (.)", "waar ze komen (.)"),
    "help-respond": ("Answers a letter.", "Beantwoordt een brief."),
    "help-text": ("the answer's text", "de tekst van het antwoord"),
    "help-file": (
        "the answer's text in UTF-8; - is the standard input",
        "de tekst van het antwoord in UTF-8; - is de standaardinvoer",
    ),
    "help-own-reference": ("this organisation's own reference", "het eigen kenmerk van deze organisatie"),
    "help-answer": ("the answer to one of the letter's requests", "het antwoord op een van de verzoeken in de brief"),
    "help-theme": ("what it is about", "waar het over gaat"),
    "help-support": ("support that is asked for", "ondersteuning waar om gevraagd wordt"),
    "help-organisation": (
        "answer for this organisation, which became part of one's own",
        "antwoord voor deze organisatie, die in de eigen is opgegaan",
    ),
    "help-attach": ("a file to send along", "een bestand om mee te sturen"),
    "help-key": (
        "asked again with this key, it is written once",
        "opnieuw gevraagd met deze sleutel, één keer geschreven",
    ),
    "help-request": (
        "Asks for a meeting with the region's account holder.",
        "Vraagt een overleg met de accounthouder van de regio.",
    ),
    "help-kind": ("what kind of meeting", "wat voor overleg"),
    "help-slot": ("when it suits", "wanneer het past"),
    "help-about-letter": ("the letter that gave rise to it", "de brief die de aanleiding is"),
    "help-invite": ("an organisation that may join", "een organisatie die mee mag doen"),
    "help-place": ("where", "waar"),
    "help-audience": ("who will be there", "wie er zullen zijn"),
    "help-size": ("how many will be there", "met hoeveel"),
    "help-note": ("what else there is to say", "wat er verder te zeggen is"),
    "help-queue": (
        "Shows what hasn't arrived yet, and decides about what was refused.",
        "Toont wat nog niet is aangekomen, en beslist over wat geweigerd is.",
    ),
    "help-do": ("what to do with one of them", "wat er met een ervan moet"),
    "help-id": ("an id, or how it begins or ends", "een kenmerk, of hoe het begint of eindigt"),
    "help-all": ("what has arrived too", "ook wat is aangekomen"),
}
"""What ``--help`` says, by key."""

TEXTS: Mapping[str, tuple[str, str]] = {**_PROBLEMS, **_SHOWN, **_HELP}
"""All texts by key: English, Dutch."""
