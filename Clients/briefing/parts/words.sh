# shellcheck shell=sh
# What request-briefings says, in Dutch and English, and what it ends with.

# sysexits.h
readonly ok=0 usage=64 data=65 no_input=66 unavailable=69 software=70
readonly cannot_create=73 io=74 temporary=75 protocol=76 no_permission=77 config=78

language=en
for name in "${LC_ALL:-}" "${LC_MESSAGES:-}" "${LANG:-}"; do
    [ -n "$name" ] || continue
    case $name in nl* | NL*) language='nl' ;; esac
    break
done

# A sentence in the user's language: Dutch, English.
t() { if [ "$language" = nl ]; then printf '%s\n' "$1"; else printf '%s\n' "$2"; fi; }
complain() { t "request-briefings: $1" "request-briefings: $2" >&2; }
die() {
    complain "$2" "$3"
    exit "$1"
}

# The worst status wins: what a person has to mend before what time mends.
worst=$ok
note() {
    for known in "$config" "$no_permission" "$software" "$protocol" "$cannot_create" "$io" "$data" "$temporary" \
        "$unavailable" "$ok"; do
        if [ "$known" = "$worst" ]; then return; fi
        if [ "$known" = "$1" ]; then
            worst=$1
            return
        fi
    done
    worst=$software
}

help() {
    t "Vraagt toelichtingen voor de gemeenteraad aan, met data uit een CSV-bestand (- voor standaardinvoer).

  request-briefings [opties] BESTAND
  request-briefings --enrol UITNODIGING      een griffie aanmelden (- leest haar van standaardinvoer)

Wat het bestand niet zegt, zeggen deze; die met een * mogen vaker:
  --municipality CODE    gemeente, als gm0503
  --region own|NAAM      nodigt alle gemeenten van de eigen regio uit, of van een andere
  --with GEMEENTE *      nodigt een andere gemeente uit, met code of naam
  --theme TEKST *        waarover het moet gaan
  --audience TEKST       voor wie, en met hoeveel:
  --size AANTAL
  --place TEKST          waar
  --online yes|no        online of juist niet
  --note TEKST           wat er verder te zeggen is
  --letter NUMMER        de brief die de aanleiding is, met dossiernummer
  --key NAAM             eigen naam van de aanvraag; alle regels ervan zijn samen één aanvraag
  --options BESTAND      leest opties uit een bestand, op elke regel een: theme=Wonen

Verder:
  --dry-run              alleen controleren en tonen; er wordt niets gevraagd
  --json                 ontvangstbewijzen voor programma's, een per regel
  --again                vraagt opnieuw aan wat de server geweigerd heeft
  --check                vraagt van alles opnieuw het ontvangstbewijs aan de server
  --timeout SECONDEN     langer duurt geen verbinding (60)
  --profile NAAM         met --enrol: profiel, anders griffie- en de gemeentecode
  --profile-prefix TEKST begin van de profielnaam vóór de gemeentecode (griffie-)
  --home MAP             map waarin de profielen staan (ook: REGIOPOST_HOME)
  --language nl|en       taal; anders die van de omgeving
  --help                 deze uitleg

Kolommen: gemeente, datum, begin, eind, momenten, thema's, voor, aantal, plaats, online, met, regio, toelichting,
brief, sleutel, profiel; of in het Engels, zie --language en. Twee keer draaien vraagt één keer aan." \
        "Requests council briefings, with dates from a CSV file (- for standard input).

  request-briefings [options] FILE
  request-briefings --enrol INVITATION       enrols a griffie (- reads it from standard input)

What the file doesn't say, these do; those with a * may be repeated:
  --municipality CODE    municipality, as gm0503
  --region own|NAME      invites all municipalities of one's own region, or of another
  --with MUNICIPALITY *  invites another municipality, by code or name
  --theme TEXT *         what it should be about
  --audience TEXT        for whom, and for how many:
  --size NUMBER
  --place TEXT           where
  --online yes|no        online, or rather not
  --note TEXT            anything else
  --letter NUMBER        the letter that gave rise to it, by its dossier number
  --key NAME             a name of your own for the request; all rows of it together are one request
  --options FILE         reads options from a file, one a line: theme=Housing

And:
  --dry-run              check and show only; nothing is requested
  --json                 receipts for programs, one a line
  --again                requests anew what the server has refused
  --check                asks the server again for the receipt of everything
  --timeout SECONDS      no connection lasts longer (60)
  --profile NAME         with --enrol: the profile, otherwise griffie- and the municipality's code
  --profile-prefix TEXT  what a profile's name begins with, before the municipality's code (griffie-)
  --home FOLDER          the folder that profiles are in (also: REGIOPOST_HOME)
  --language nl|en       language; otherwise that of the environment
  --help                 this explanation

Columns: municipality, date, start, end, slots, themes, audience, size, place, online, with, region, note, letter,
key, profile; or in Dutch, see --language nl. Running it twice requests once."
}

# What is wrong with a field of the file, in words: code, detail.
explain() {
    case $1 in
    unknown-column) t "deze kolom ken ik niet; zie --help" "this column is unknown; see --help" ;;
    double-column) t "deze kolom staat er twee keer" "this column is there twice" ;;
    no-municipality-column)
        t "er is geen kolom gemeente of optie --municipality" "there is no column municipality, nor that option" ;;
    empty) t "het bestand heeft geen kopregel" "the file has no header" ;;
    open-quote) t "een aanhalingsteken wordt niet gesloten" "a quote isn't closed" ;;
    after-quote) t "achter het aanhalingsteken staat nog iets" "something follows the closing quote" ;;
    cells) t "aantal velden en kolommen verschilt ($2)" "fields and columns differ in number ($2)" ;;
    no-title) t "'$2' staat in een kolom zonder naam" "'$2' is in a column without a name" ;;
    not-utf8) t "dit is geen UTF-8; bewaar het als 'CSV UTF-8'" "this isn't UTF-8; save it as 'CSV UTF-8'" ;;
    carriage-return) t "er staat een losse wagenterugloop (CR) in" "there is a stray carriage return (CR) in it" ;;
    no-code)
        t "'$2' is geen gemeentecode; schrijf haar als gm0503" \
            "'$2' is no municipality's code; write it as gm0503" ;;
    bad-profile) t "'$2' is geen profielnaam" "'$2' is no profile's name" ;;
    bad-date) t "'$2' is geen datum; schrijf 2026-06-02" "'$2' is no date; write 2026-06-02" ;;
    no-date) t "er staat een tijd zonder datum" "there is a time without a date" ;;
    bad-time) t "'$2' is geen tijd; schrijf 19:30" "'$2' is no time; write 19:30" ;;
    end-not-after-start) t "het eind ligt niet na het begin ($2)" "the end isn't after the start ($2)" ;;
    bad-slot)
        t "'$2' is geen moment; schrijf 2026-06-02 19:30-21:30" "'$2' is no slot; write 2026-06-02 19:30-21:30" ;;
    no-slot) t "er staat geen datum met begin en eind" "there is no date with start and end" ;;
    too-long) t "dit is te lang; hoogstens $2 bytes" "this is too long; at most $2 bytes" ;;
    too-many) t "dit zijn er te veel; hoogstens $2" "these are too many; at most $2" ;;
    bad-size) t "'$2' is geen aantal van 1 tot 10000" "'$2' is no number from 1 to 10000" ;;
    bad-truth) t "'$2' is geen ja of nee" "'$2' is neither yes nor no" ;;
    bad-letter) t "'$2' is geen nummer van een brief" "'$2' is no letter's number" ;;
    differs)
        t "dit verschilt van regel $2, die dezelfde sleutel heeft" \
            "this differs from line $2, which has the same key" ;;
    unknown-municipality) t "'$2' staat niet in de adreslijst" "'$2' isn't in the directory" ;;
    unknown-region) t "regio '$2' staat niet in de adreslijst" "region '$2' isn't in the directory" ;;
    no-region)
        t "$2 heeft in de adreslijst geen regio met een accounthouder" \
            "the directory has no region with an account holder for $2" ;;
    no-letter) t "brief '$2' is niet ontvangen, of ingetrokken" "letter '$2' wasn't received, or was withdrawn" ;;
    several-letters) t "'$2' past op meer brieven" "'$2' fits several letters" ;;
    no-profile)
        t "er is geen profiel '$2'; meld het aan met --enrol" "there is no profile '$2'; enrol it by --enrol" ;;
    not-its-profile) t "profiel '$2' is van een andere gemeente" "profile '$2' is another municipality's" ;;
    not-composed) t "de aanvraag kon niet worden gemaakt" "the request couldn't be composed" ;;
    key-taken)
        t "deze sleutel is al voor iets anders gebruikt; aangevraagd blijft aangevraagd, kies een andere sleutel" \
            "this key was used for something else; what is requested stays, choose another key" ;;
    *) t "$1 $2" "$1 $2" ;;
    esac
}

# What the server refused, for people: code, the server's own sentence.
refusal() {
    case $1 in
    not-allowed) t "dit adres mag dat niet" "this address may not do that" ;;
    unknown-organisation) t "een gemeente bestaat niet (meer)" "a municipality doesn't exist (any more)" ;;
    unknown-region) t "de regio heeft geen accounthouder meer" "the region has no such account holder any more" ;;
    organisation-abolished) t "een gemeente is opgeheven" "a municipality was abolished" ;;
    mandate-ended) t "het mandaat van dit adres is voorbij" "this address's mandate is over" ;;
    mandate-not-started) t "het mandaat van dit adres is nog niet begonnen" "this address's mandate hasn't begun yet" ;;
    letter-unknown) t "de brief is er niet (meer)" "the letter isn't there (any more)" ;;
    dossier-mismatch) t "het dossier is niet dat van de brief" "the dossier is not the letter's" ;;
    bsn-found) t "er lijkt een burgerservicenummer in te staan" "there seems to be a citizen service number in it" ;;
    invitation-unknown) t "deze uitnodiging is er niet" "there is no such invitation" ;;
    invitation-expired) t "deze uitnodiging is verlopen" "this invitation has expired" ;;
    invitation-used) t "deze uitnodiging is al gebruikt" "this invitation was used already" ;;
    *) printf '%s\n' "$2" ;;
    esac
}
