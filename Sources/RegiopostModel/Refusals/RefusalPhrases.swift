extension Refusal {
    /// What people read: what was wrong, and what to do now.
    public func text(_ language: Language) -> String { code.phrase.text(language, details) }
}

extension RefusalCode {
    /// The sentences for people. Names in braces are the refusal's details.
    public var phrase: Phrase {
        formPhrase ?? standingPhrase ?? statePhrase ?? draftPhrase ?? filePhrase ?? conversationPhrase
    }

    private var formPhrase: Phrase? {
        switch self {
        case .badJSON:
            Phrase(
                dutch: "De wijziging is geen geldige JSON ({reason}, byte {offset}). Meld dit aan de beheerder.",
                english: "The change is not valid JSON ({reason}, byte {offset}). Tell the operator.")
        case .badField:
            Phrase(
                dutch: "Het veld {field} klopt niet; verwacht: {expected}. Verbeter het en probeer het opnieuw.",
                english: "The field {field} is wrong; expected: {expected}. Correct it and try again.")
        case .missingField:
            Phrase(
                dutch: "Het veld {field} ontbreekt. Vul het in en probeer het opnieuw.",
                english: "The field {field} is missing. Fill it in and try again.")
        case .unknownType, .unknownVersion:
            Phrase(
                dutch: "De andere kant gebruikt een nieuwere versie van Regiopost. Werk deze versie bij.",
                english: "The other side uses a newer version of Regiopost. Update this one.")
        case .subjectMismatch:
            Phrase(
                dutch: "De wijziging gaat over iets anders dan zij zegt ({subject}). Meld dit aan de beheerder.",
                english: "The change is about something else than it says ({subject}). Tell the operator.")
        case .authorMismatch:
            Phrase(
                dutch: "Deze wijziging is geschreven door {author}, maar dit profiel is van {address}.",
                english: "This change was written by {author}, but this profile belongs to {address}.")
        case .notAllowed:
            Phrase(
                dutch: "{author} mag dit niet doen ({type}). Vraag het aan iemand die dat wel mag.",
                english: "{author} may not do this ({type}). Ask somebody who may.")
        case .notAddressed:
            Phrase(
                dutch: "De brief is niet aan {organisation} gericht; alleen geadresseerden beantwoorden hem.",
                english: "The letter is not addressed to {organisation}; only addressees answer it.")
        case .notInvited:
            Phrase(
                dutch: "Uw organisatie is hiervoor niet uitgenodigd.",
                english: "Your organisation is not invited to this.")
        case .notCleared:
            Phrase(
                dutch:
                    "{address} mag niets lezen dat {level} is, hooguit {clearance}. Kies een ander adres of een lager "
                    + "niveau; er is niets verstuurd.",
                english:
                    "{address} may not read anything {level}, at most {clearance}. Choose another address or a lower "
                    + "level; nothing was sent.")
        default: nil
        }
    }

    private var standingPhrase: Phrase? {
        switch self {
        case .mandateNotStarted:
            Phrase(
                dutch: "Het mandaat van {address} begint op {from}. Uw werk blijft in de wachtrij tot die dag.",
                english: "The mandate of {address} begins on {from}. Your work stays in the queue until that day.")
        case .mandateEnded:
            Phrase(
                dutch:
                    "Het mandaat van {address} eindigde op {on}; {successor} heeft alles overgenomen. Wat hier nog in "
                    + "de wachtrij staat, blijft bewaard; geef het door aan wie het overnam.",
                english:
                    "The mandate of {address} ended on {on}; {successor} has taken over everything. What is still in "
                    + "the queue here is kept; hand it on to who took over.")
        case .organisationAbolished:
            Phrase(
                dutch:
                    "{name} ({organisation}) bestaat niet meer sinds {from}; {successor-name} ({successor}) heeft alles "
                    + "overgenomen. Uw werk blijft bewaard; gebruik de opvolger.",
                english:
                    "{name} ({organisation}) no longer exists since {from}; {successor-name} ({successor}) has taken "
                    + "over everything. Your work is kept; use the successor.")
        default: nil
        }
    }

    private var statePhrase: Phrase? {
        switch self {
        case .conflict:
            Phrase(
                dutch:
                    "Een collega of de andere kant was u voor. Uw versie blijft in de wachtrij. Bekijk beide naast "
                    + "elkaar en kies: 'regiopost queue resolve'.",
                english:
                    "A colleague or the other side came first. Your version stays in the queue. Look at both side by "
                    + "side and choose: 'regiopost queue resolve'.")
        case .predecessorMissing:
            Phrase(
                dutch:
                    "Dit bouwt voort op een wijziging die de server niet heeft. Beslis eerst over die wijziging.",
                english: "This builds on a change that the server doesn't have. Decide about that change first.")
        case .needsMissing:
            Phrase(
                dutch:
                    "Hiervoor is eerst een andere wijziging nodig ({needs}). Synchroniseer en probeer het opnieuw.",
                english: "Another change is needed first ({needs}). Sync and try again.")
        case .idTaken:
            Phrase(
                dutch:
                    "Deze sleutel is al gebruikt voor iets anders. Gebruik een andere sleutel, of laat de inhoud zoals zij "
                    + "was.",
                english:
                    "This key was used for something else already. Use another key, or leave the content as it was."
            )
        case .subjectUnknown:
            Phrase(
                dutch: "Dit is hier niet bekend. Synchroniseer eerst, of controleer het nummer.",
                english: "This is not known here. Sync first, or check the number.")
        case .illegalStep:
            Phrase(
                dutch: "Dat kan nu niet meer: de stand is '{state}'. Bekijk eerst wat er gebeurd is.",
                english: "That is not possible now: the state is '{state}'. Look at what happened first.")
        case .letterUnknown:
            Phrase(
                dutch: "Deze brief is hier niet bekend. Synchroniseer eerst, of controleer het nummer.",
                english: "This letter is not known here. Sync first, or check the number.")
        case .letterWithdrawn:
            Phrase(
                dutch:
                    "De brief is ingetrokken ({reason}). Een antwoord is niet meer nodig; uw tekst blijft bewaard.",
                english: "The letter was withdrawn ({reason}). No answer is needed any more; your text is kept.")
        case .dossierMissing:
            Phrase(
                dutch:
                    "Het dossiernummer ontbreekt. Vermeld {expected}; zonder dat nummer neemt de provincie het antwoord "
                    + "niet aan.",
                english:
                    "The dossier number is missing. Cite {expected}; without it the province doesn't take the answer."
            )
        case .dossierMismatch:
            Phrase(
                dutch:
                    "Dossiernummer {found} hoort niet bij deze brief; dat is {expected}. Verbeter het en probeer het "
                    + "opnieuw.",
                english:
                    "Dossier {found} doesn't belong to this letter; its dossier is {expected}. Correct it and try "
                    + "again.")
        case .bsnFound:
            Phrase(
                dutch:
                    "In {field}, regel {line}, staat wat een burgerservicenummer (BSN) lijkt. Dat hoort niet in deze "
                    + "post: haal het weg. Is het iets anders, zeg dat dan erbij: 'zaaknummer' ervoor, of Z- eraan vast.",
                english:
                    "In {field}, line {line}, stands what looks like a citizen service number (BSN). It doesn't belong "
                    + "in this post: remove it. If it is something else, say so: put 'zaaknummer' before it, or Z- "
                    + "right in front."
            )
        case .slotUnknown:
            Phrase(
                dutch:
                    "Het moment {slot} is door niemand voorgesteld. Stel het eerst voor: 'regiopost meeting propose'.",
                english: "Nobody proposed {slot}. Propose it first: 'regiopost meeting propose'.")
        case .unknownOrganisation:
            Phrase(
                dutch: "{organisation} staat niet in het adresboek. Zie 'regiopost directory'.",
                english: "{organisation} is not in the directory. See 'regiopost directory'.")
        case .unknownRegion:
            Phrase(
                dutch: "De regio {region} staat niet in het adresboek. Zie 'regiopost directory'.",
                english: "The region {region} is not in the directory. See 'regiopost directory'.")
        default: nil
        }
    }

    private var filePhrase: Phrase? {
        switch self {
        case .blobMissing:
            Phrase(
                dutch: "De bijlage {name} is nog niet bij de server. De wijziging blijft in de wachtrij; "
                    + "'regiopost sync' verstuurt eerst de bijlage.",
                english: "The attachment {name} is not at the server yet. The change stays in the queue; "
                    + "'regiopost sync' sends the attachment first.")
        case .blobUnknown:
            Phrase(
                dutch: "De server heeft deze bijlage niet, of niet meer voor u. Vraag haar op bij de afzender.",
                english: "The server doesn't have this attachment, or no longer for you. Ask its sender for it.")
        case .blobMismatch:
            Phrase(
                dutch:
                    "De inhoud van de bijlage {name} is niet meer die van toen zij werd toegevoegd. Verwijder de "
                    + "wijziging uit de wachtrij ('regiopost queue drop') en voeg het bestand opnieuw toe.",
                english:
                    "The attachment {name} no longer holds what it held when it was attached. Take the change out "
                    + "of the queue ('regiopost queue drop') and attach the file anew.")
        case .blobTooLarge:
            Phrase(
                dutch:
                    "De bijlage {name} is groter dan de server aanneemt ({limit} bytes). Maak haar kleiner of splits "
                    + "haar.",
                english:
                    "The attachment {name} is larger than the server takes ({limit} bytes). Make it smaller or "
                    + "split it.")
        case .uploadsFull:
            Phrase(
                dutch:
                    "Er staat te veel op de server dat nog niet verstuurd is. Uw werk blijft in de wachtrij; verstuur "
                    + "eerst het andere, of probeer het later opnieuw.",
                english: "Too much is at the server that was not sent yet. Your work stays in the queue; send the "
                    + "other first, or try again later.")
        case .blobOffset, .chunkTooLong:
            Phrase(
                dutch: "De server verwacht een ander deel van de bijlage. Probeer het opnieuw: 'regiopost sync'.",
                english: "The server expects another part of the attachment. Try again: 'regiopost sync'.")
        default: nil
        }
    }

    private var draftPhrase: Phrase? {
        switch self {
        case .notAdopted:
            Phrase(
                dutch:
                    "De brief is nog niet vastgesteld: {missing} heeft deze tekst niet getekend. Hij blijft als concept "
                    + "bewaard; verstuur hem zodra beiden getekend hebben.",
                english:
                    "The letter isn't adopted yet; still to sign this text: {missing}. It is kept as a draft; send it once "
                    + "both have signed.")
        case .textChanged:
            Phrase(
                dutch:
                    "De tekst is intussen veranderd, of is niet die van het concept. Synchroniseer, bekijk het concept "
                    + "('regiopost draft show') en doe het opnieuw; handtekeningen gelden alleen voor de nieuwste tekst.",
                english:
                    "The text has changed meanwhile, or isn't the draft's. Sync, look at the draft ('regiopost draft show') "
                    + "and do it again; signatures hold for the newest text alone.")
        case .signatureMissing:
            Phrase(
                dutch:
                    "{organisation} heeft deze tekst niet getekend. Zolang niet iedereen getekend heeft, verstuurt alleen de "
                    + "opsteller hem, en zijn er minstens twee handtekeningen nodig, ook die van de opsteller zelf.",
                english:
                    "{organisation} hasn't signed this text. Until all have signed, only those who drew it up send it, and "
                    + "at least two signatures are needed, theirs among them.")
        case .signaturesChanged:
            Phrase(
                dutch:
                    "Intussen heeft een ander lid getekend of bedankt. Synchroniseer en verstuur opnieuw; uw tekst blijft "
                    + "bewaard.",
                english:
                    "Another member has signed or declined meanwhile. Sync and send it again; your text is kept.")
        default: nil
        }
    }

    private var conversationPhrase: Phrase {
        switch self {
        case .invitationUnknown:
            Phrase(
                dutch: "De server kent deze uitnodiging niet. Vraag de beheerder om een nieuwe.",
                english: "The server doesn't know this invitation. Ask the operator for a new one.")
        case .invitationExpired:
            Phrase(
                dutch: "Deze uitnodiging is verlopen. Vraag de beheerder om een nieuwe.",
                english: "This invitation has expired. Ask the operator for a new one.")
        case .invitationUsed:
            Phrase(
                dutch:
                    "Deze uitnodiging is al gebruikt, op een andere plek. Was u dat niet, meld het dan meteen aan de "
                    + "beheerder.",
                english:
                    "This invitation was used already, somewhere else. If that wasn't you, tell the operator at once."
            )
        case .badCertificateRequest:
            Phrase(
                dutch: "De server neemt de certificaataanvraag niet aan. Meld dit aan de beheerder.",
                english: "The server doesn't take the certificate request. Tell the operator.")
        case .revoked:
            Phrase(
                dutch:
                    "De toegang van dit profiel is ingetrokken. Uw werk blijft in de wachtrij; vraag de beheerder om een "
                    + "nieuwe uitnodiging.",
                english:
                    "This profile's access was revoked. Your work stays in the queue; ask the operator for a new "
                    + "invitation.")
        case .certificateExpired:
            Phrase(
                dutch:
                    "Het certificaat van dit profiel is verlopen. Uw werk blijft in de wachtrij; vraag de beheerder om een "
                    + "nieuwe uitnodiging.",
                english:
                    "This profile's certificate has expired. Your work stays in the queue; ask the operator for a new "
                    + "invitation.")
        case .recovering:
            Phrase(
                dutch:
                    "De server is teruggezet uit een reservekopie en wordt hersteld; hij neemt nog niets nieuws aan. Uw werk "
                    + "blijft in de wachtrij en gaat weg zodra de beheerder het herstel heeft afgesloten.",
                english:
                    "The server was restored from a backup and is recovering; it takes nothing new yet. Your work stays in "
                    + "the queue and leaves once the operator has ended the recovery.")
        case .unavailable, .stopping, .idle, .tooManyRequests, .mailboxBusy, .tooManyFailures:
            Phrase(
                dutch: "De server kan dit nu niet doen. Uw werk blijft in de wachtrij; probeer het later opnieuw.",
                english: "The server can't do this now. Your work stays in the queue; try again later.")
        case .tooManyConnections:
            Phrase(
                dutch:
                    "Dit profiel heeft meer verbindingen tegelijk dan mag; de server heeft de oudste beëindigd. Stop wat "
                    + "u niet gebruikt en synchroniseer opnieuw.",
                english:
                    "This profile has more connections at once than it may; the server has ended the oldest. Stop what "
                    + "you don't use and sync again.")
        case .lineTooLong:
            Phrase(
                dutch: "Dit is langer dan de server aanneemt ({limit} bytes). Maak het korter.",
                english: "This is longer than the server takes ({limit} bytes). Make it shorter.")
        default:
            Phrase(
                dutch: "De server begrijpt het verzoek niet. Meld dit aan de beheerder.",
                english: "The server doesn't understand the request. Tell the operator.")
        }
    }
}
