import RegiopostClient
import RegiopostModel

extension ClientError.Code {
    /// What people read: what went wrong, what became of the work, and what to do now.
    var phrase: Phrase {
        switch self {
        case .storeFailed:
            Phrase(
                dutch:
                    "{path} kan niet worden gelezen of geschreven ({reason}). Er is niets bewaard van deze opdracht.",
                english: "{path} can't be read or written ({reason}). Nothing of this command was kept.")
        case .diskFull:
            Phrase(
                dutch:
                    "De schijf is vol ({path}). Er is niets bewaard van deze opdracht; wat er al stond is er nog. Maak "
                    + "ruimte en probeer het opnieuw.",
                english:
                    "The disk is full ({path}). Nothing of this command was kept; what was there still is. Make room "
                    + "and try again.")
        case .storeCorrupt:
            Phrase(
                dutch:
                    "De bestanden van dit profiel zijn niet in orde ({reason}). Bewaar de map en vraag de beheerder.",
                english: "This profile's files are not in order ({reason}). Keep the folder and ask the operator.")
        case .storeNewer:
            Phrase(
                dutch: "Dit profiel is van een nieuwere Regiopost ({path}). Werk deze versie bij.",
                english: "A newer Regiopost made this profile ({path}). Update this version.")
        case .noProfile:
            Phrase(
                dutch: "Er is nog geen profiel in {path}. Meld u eerst aan: 'regiopost enroll UITNODIGING'.",
                english: "There is no profile in {path} yet. Enrol first: 'regiopost enroll INVITATION'.")
        case .profileExists:
            Phrase(
                dutch:
                    "In {path} is {address} al aangemeld. Kies met --profile een andere naam, of vraag de beheerder om een "
                    + "nieuwe uitnodiging voor {address}; er is niets veranderd.",
                english:
                    "{address} is enrolled in {path} already. Choose another name by --profile, or ask the operator for "
                    + "a new invitation for {address}; nothing was changed.")
        case .enrolmentBusy:
            Phrase(
                dutch:
                    "In {path} wordt op dit moment al aangemeld. Wacht tot dat klaar is; er is niets veranderd.",
                english: "Somebody enrols in {path} at this moment. Wait until that is done; nothing was changed.")
        case .unreachable:
            Phrase(
                dutch:
                    "De server {server} is niet bereikbaar ({reason}). Uw werk blijft in de wachtrij; probeer het later "
                    + "opnieuw.",
                english:
                    "The server {server} can't be reached ({reason}). Your work stays in the queue; try again later."
            )
        case .interrupted:
            Phrase(
                dutch: "De verbinding met de server brak af ({reason}). Niets is verloren: synchroniseer opnieuw.",
                english: "The connection to the server broke off ({reason}). Nothing is lost: sync again.")
        case .wrongServer:
            Phrase(
                dutch:
                    "Dit is niet de server die bij dit profiel hoort, of zijn certificaat klopt niet: {reason} Er is niets "
                    + "verstuurd. Vraag de beheerder wat er aan de hand is.",
                english:
                    "This is not the server that this profile belongs to, or its certificate is wrong: {reason} Nothing "
                    + "was sent. Ask the operator what is going on.")
        case .notAccepted:
            Phrase(
                dutch:
                    "De server laat dit profiel niet toe ({reason}). Uw werk blijft in de wachtrij; vraag de beheerder om "
                    + "een nieuwe uitnodiging.",
                english:
                    "The server doesn't let this profile in ({reason}). Your work stays in the queue; ask the operator "
                    + "for a new invitation.")
        case .protocolBroken:
            Phrase(
                dutch:
                    "Wat de server zegt is niet te begrijpen ({reason}). Niets is verloren; meld dit aan de beheerder.",
                english: "What the server says can't be understood ({reason}). Nothing is lost; tell the operator.")
        case .refused:
            Phrase(
                dutch: "De server weigert dit ({reason}). Niets is verloren.",
                english: "The server refuses this ({reason}). Nothing is lost.")
        case .badInvitation:
            Phrase(
                dutch:
                    "De uitnodiging is niet te lezen. Neem haar precies over: zij begint met 'regiopost:1:' en staat op één "
                    + "regel.",
                english:
                    "The invitation can't be read. Copy it exactly: it begins with 'regiopost:1:' and is one line.")
        }
    }
}
