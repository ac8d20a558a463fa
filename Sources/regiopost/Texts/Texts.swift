import RegiopostModel

/// What the commands say.
enum Texts {
    // MARK: Queue and sync
    static let queued = Phrase(
        dutch: "Klaar om te versturen ({handle}). 'regiopost sync' verstuurt het; tot dan blijft het hier bewaard.",
        english: "Ready to send ({handle}). 'regiopost sync' sends it; until then it is kept here.")
    static let queuedBefore = Phrase(
        dutch: "Dit was al gevraagd ({handle}); er is niets toegevoegd.",
        english: "This was asked before ({handle}); nothing was added.")
    static let refusedBefore = Phrase(
        dutch:
            "Dit was al gevraagd en is geweigerd ({handle}): {why} Er is niets toegevoegd; kies 'regiopost queue redo "
            + "{handle}' of 'regiopost queue drop {handle}'.",
        english:
            "This was asked before and was refused ({handle}): {why} Nothing was added; choose 'regiopost queue redo "
            + "{handle}' or 'regiopost queue drop {handle}'.")
    static let overtaken = Phrase(
        dutch: "Intussen heeft een andere opdracht de wachtrij veranderd; er is niets gedaan. Bekijk haar opnieuw.",
        english: "Another command has changed the queue meanwhile; nothing was done. Look at it again.")
    static let synced = Phrase(
        dutch: "Bijgewerkt: {sent} verstuurd, {received} ontvangen, {waiting} in de wachtrij.",
        english: "Up to date: {sent} sent, {received} received, {waiting} in the queue.")
    static let earlierNews = Phrase(
        dutch: "  … {count} eerdere wijzigingen", english: "  … {count} earlier changes")
    static let watching = Phrase(
        dutch: "Nieuwe post verschijnt hier meteen. Stop met Ctrl-C.",
        english: "New post appears here at once. Stop with Ctrl-C.")
    static let resynced = Phrase(
        dutch:
            "De server is teruggezet; de kopie hier is opnieuw opgehaald. Alles in de wachtrij is er nog, en wat nog niet "
            + "terug was gekomen is opnieuw aangeboden.",
        english:
            "The server was restored; the copy here was fetched anew. Everything in the queue is still there, and what "
            + "hadn't come back yet was offered again.")
    static let recovering = Phrase(
        dutch:
            "De server is teruggezet uit een reservekopie en wordt hersteld. Van hier zijn {returned} berichten teruggegeven die "
            + "hij kwijt was; {known} had hij al. Uw werk blijft in de wachtrij ({waiting}) en gaat weg zodra de beheerder het "
            + "herstel heeft afgesloten.",
        english:
            "The server was restored from a backup and is recovering. {returned} changes that it had lost were given back from "
            + "here; it had {known} already. Your work stays in the queue ({waiting}) and leaves once the operator has ended "
            + "the recovery.")
    static let notReturned = Phrase(
        dutch:
            "{count} berichten heeft de server niet teruggenomen. Ze blijven hier staan; meld dit aan de beheerder.",
        english: "The server didn't take {count} changes back. They stay here; tell the operator.")
    static let leftBehind = Phrase(
        dutch:
            "{count} berichten die hier staan heeft de server niet meer. Ze blijven hier te lezen; meld dit aan de beheerder.",
        english:
            "The server no longer has {count} changes that are here. They can still be read here; tell the operator."
    )
    static let refusedNow = Phrase(
        dutch: "Geweigerd ({handle}, {what}): {reason}", english: "Refused ({handle}, {what}): {reason}")
    static let queueEmpty = Phrase(dutch: "De wachtrij is leeg.", english: "The queue is empty.")
    static let dropped = Phrase(
        dutch: "Verwijderd uit de wachtrij ({handle}).", english: "Taken out of the queue ({handle}).")
    static let mayHaveArrived = Phrase(
        dutch: "{handle} wacht nog op verzending en kan al bij de server zijn. Synchroniseer eerst.",
        english: "{handle} still waits to be sent and may have reached the server. Sync first.")
    static let notInQueue = Phrase(
        dutch: "{handle} staat niet in de wachtrij. Zie 'regiopost queue'.",
        english: "{handle} is not in the queue. See 'regiopost queue'.")
    static let notRefused = Phrase(
        dutch: "{handle} is niet geweigerd; er valt niets te beslissen.",
        english: "{handle} was not refused; there is nothing to decide.")
    static let redone = Phrase(
        dutch: "Opnieuw geschreven op de stand van nu; 'regiopost sync' verstuurt het.",
        english: "Written anew on what is there now; 'regiopost sync' sends it.")
    static let retried = Phrase(
        dutch: "Wordt bij de volgende synchronisatie opnieuw aangeboden.",
        english: "Will be offered again at the next sync.")

    // MARK: Enrolment
    static let enrolled = Phrase(
        dutch: "Aangemeld als {address} bij {server}. De sleutel is hier gemaakt en blijft hier. Begin met "
            + "'regiopost sync'.",
        english:
            "Enrolled as {address} at {server}. The key was made here and stays here. Begin with 'regiopost sync'.")

    // MARK: Letters
    static let noLetters = Phrase(
        dutch: "Er zijn nog geen brieven. 'regiopost sync' haalt ze op.",
        english: "There are no letters yet. 'regiopost sync' fetches them.")
    static let letterRead = Phrase(
        dutch: "Gelezen en als concept bewaard: {name}. Verstuur het met "
            + "'regiopost letter publish {name} --region REGIO --to formateur'.",
        english:
            "Read, and kept as draft {name}. Send it by 'regiopost letter publish {name} --region REGION --to formateur'."
    )
    static let draftReplaced = Phrase(
        dutch: "Het eerdere concept {name} is vervangen.", english: "The earlier draft {name} was replaced.")
    static let otherRole = Phrase(
        dutch: "Let op: de aanhef \"{salutation}\" past bij {guess}, maar de brief gaat naar {role}.",
        english: "Note: the salutation \"{salutation}\" fits {guess}, but the letter goes to {role}.")
    static let warningLine = Phrase(dutch: "Regel {line}: {text}", english: "Line {line}: {text}")
    static let noWarnings = Phrase(dutch: "Geen gebreken gevonden.", english: "No defects found.")
    static let notUnderstood = Phrase(
        dutch: "Regels {lines} hebben geen vaste plaats in een brief; zij blijven in de tekst staan.",
        english: "Lines {lines} have no place of their own in a letter; they stay in the text.")
    static let noDossier = Phrase(
        dutch:
            "De brief heeft geen dossiernummer. Zet 'Ons kenmerk: DOS-JJJJ-NNNNNNN' in het bestand, of geef --dossier.",
        english:
            "The letter has no dossier number. Put 'Ons kenmerk: DOS-YYYY-NNNNNNN' in the file, or give --dossier.")
    static let noDocument = Phrase(
        dutch:
            "De brief heeft geen documentnummer. Zet het onder 'Ons kenmerk' in het bestand, of geef --document.",
        english: "The letter has no document number. Put it below 'Ons kenmerk' in the file, or give --document.")
    static let noTitle = Phrase(
        dutch: "De brief heeft geen onderwerp. Zet 'Onderwerp:' in het bestand, of geef --subject.",
        english: "The letter has no subject. Put 'Onderwerp:' in the file, or give --subject.")
    static let noMembers = Phrase(
        dutch:
            "De regio {region} heeft geen gemeenten in het adresboek. Synchroniseer eerst, of zie 'regiopost directory'.",
        english:
            "The region {region} has no municipalities in the directory. Sync first, or see 'regiopost directory'.")
    static let badRole = Phrase(
        dutch: "'{role}' is geen rol bij een gemeente. Kies uit: {list}.",
        english: "'{role}' is no role at a municipality. Choose from: {list}.")
    static let addressed = Phrase(
        dutch: "Gericht aan {role} van {count} gemeenten: {list}.",
        english: "Addressed to {role} of {count} municipalities: {list}.")
    static let publishedBefore = Phrase(
        dutch: "{document} is al verstuurd aan deze regio ({handle}). Trek die brief eerst in met "
            + "'regiopost letter withdraw {handle} --reason …', of geef deze brief een ander nummer.",
        english: "{document} was published to this region before ({handle}). Withdraw that letter first by "
            + "'regiopost letter withdraw {handle} --reason …', or give this one another number.")
    static let noDraft = Phrase(
        dutch: "{name} is geen bestand en geen concept. Zie 'regiopost letter drafts'.",
        english: "{name} is neither a file nor a draft. See 'regiopost letter drafts'.")
    static let noDrafts = Phrase(dutch: "Er zijn geen concepten.", english: "There are no drafts.")
    static let noLetter = Phrase(
        dutch: "Geen brief heet '{handle}'. Zie 'regiopost letters'.",
        english: "No letter is called '{handle}'. See 'regiopost letters'.")
    static let answerWith = Phrase(
        dutch: "Beantwoorden: regiopost respond {handle} --text \"…\"  (dossier {dossier} wordt ingevuld)",
        english: "To answer: regiopost respond {handle} --text \"…\"  (dossier {dossier} is filled in)")

    // MARK: Responses
    static let noText = Phrase(
        dutch: "Er is geen antwoord. Geef het met --text of --file (- voor standaardinvoer).",
        english: "There is no answer. Give it by --text or --file (- for standard input).")
    static let badSupport = Phrase(
        dutch: "'{name}' is geen soort ondersteuning. Kies uit: {list}.",
        english: "'{name}' is no kind of support. Choose from: {list}.")
    static let badAnswer = Phrase(
        dutch:
            "'{answer}' is geen antwoord op een verzoek. Schrijf het zo: \"1=ja: waarom\" (ja, deels, nee, later).",
        english:
            "'{answer}' is no answer to a request. Write it like this: \"1=yes: why\" (yes, partly, no, later).")
    static let badDossier = Phrase(
        dutch: "'{found}' is geen dossiernummer. Het hoort er zo uit te zien: {expected}.",
        english: "'{found}' is no dossier number. It should look like this: {expected}.")
    static let noResponses = Phrase(dutch: "Er zijn nog geen antwoorden.", english: "There are no responses yet.")
    static let noResponse = Phrase(
        dutch: "{name} heeft deze brief nog niet beantwoord.", english: "{name} has not answered this letter yet.")

    // MARK: Meetings
    static let noMeetings = Phrase(
        dutch: "Er zijn nog geen afspraken aangevraagd.", english: "No meetings were asked for yet.")
    static let noMeeting = Phrase(
        dutch: "Geen aanvraag heet '{handle}'. Zie 'regiopost meetings'.",
        english: "No request is called '{handle}'. See 'regiopost meetings'.")
    static let badSlot = Phrase(
        dutch: "'{slot}' is geen moment. Schrijf het zo: \"2026-05-12 19:30-21:00\".",
        english: "'{slot}' is no slot. Write it like this: \"2026-05-12 19:30-21:00\".")
    static let whichSlot = Phrase(
        dutch: "Kies met --slot welk moment u bevestigt; er is er niet precies één voorgesteld.",
        english: "Choose by --slot which one to confirm; there isn't exactly one proposed.")

    // MARK: General
    static let typeLines = Phrase(
        dutch: "Verbonden met {server}. Typ regels zoals '1 PING'; '2 QUIT' of Ctrl-D maakt er een eind aan.",
        english: "Connected to {server}. Type lines such as '1 PING'; '2 QUIT' or Ctrl-D ends it.")
    static let several = Phrase(
        dutch: "'{handle}' past op meer dan één: {list}. Gebruik een van deze nummers.",
        english: "'{handle}' fits more than one: {list}. Use one of these.")
    static let noOrganisation = Phrase(
        dutch: "'{name}' staat niet in het adresboek. Gebruik een code of naam uit 'regiopost directory'.",
        english: "'{name}' is not in the directory. Use a code or name from 'regiopost directory'.")
    static let noRegion = Phrase(
        dutch: "{name} hoort hier nog bij geen regio. Synchroniseer eerst.",
        english: "{name} belongs to no region here yet. Sync first.")
    static let noFile = Phrase(dutch: "{path} kan niet worden gelezen.", english: "{path} can't be read.")
    static let notUTF8 = Phrase(
        dutch: "{path} is geen tekst in UTF-8. Bewaar het bestand als UTF-8 en probeer het opnieuw.",
        english: "{path} is no text in UTF-8. Save the file as UTF-8 and try again.")
    static let badDate = Phrase(
        dutch: "'{date}' is geen datum. Schrijf haar zo: 2026-03-27.",
        english: "'{date}' is no date. Write it like this: 2026-03-27.")
    static let unexpected = Phrase(
        dutch: "Er ging iets mis dat niet had mogen gebeuren ({reason}). Meld dit aan de beheerder.",
        english: "Something went wrong that shouldn't have ({reason}). Tell the operator.")
}
