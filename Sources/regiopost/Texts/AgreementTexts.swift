import RegiopostModel

/// What is said about agreements and implementation programmes.
extension Texts {
    static let noAgreements = Phrase(
        dutch: "Er zijn nog geen afspraken vastgelegd.", english: "No agreements were recorded yet.")
    static let noAgreement = Phrase(
        dutch: "Geen afspraak heet '{handle}'. Zie 'regiopost agreement list'.",
        english: "No agreement is called '{handle}'. See 'regiopost agreement list'.")
    static let noProgrammes = Phrase(
        dutch: "Er zijn nog geen uitvoeringsprogramma's.", english: "There are no implementation programmes yet.")
    static let noProgramme = Phrase(
        dutch: "Geen programma heet '{handle}'. Zie 'regiopost programme list'.",
        english: "No programme is called '{handle}'. See 'regiopost programme list'.")
    static let notHeld = Phrase(
        dutch:
            "{handle} is nog niet gehouden. Leg eerst het verslag vast: 'regiopost meeting hold {handle} --minutes …'.",
        english: "{handle} was not held yet. Keep the minutes first: 'regiopost meeting hold {handle} --minutes …'."
    )
    static let badPercent = Phrase(
        dutch: "--percent is een geheel getal van 0 tot 100.", english: "--percent is a whole number from 0 to 100."
    )
    static let dueOrNone = Phrase(
        dutch: "Geef óf --due óf --no-due.", english: "Give either --due or --no-due.")
    static let whoIsParty = Phrase(
        dutch: "Noem de gemeenten van het programma met --with, of geef --region-parties.",
        english: "Name the programme's municipalities by --with, or give --region-parties.")
    static let noOwnRegion = Phrase(
        dutch: "Alleen een regio-accounthouder houdt programma's bij.",
        english: "Only a region's account holder keeps programmes.")
}

extension Help {
    static let agreement = Phrase(
        dutch: "Toont afspraken uit gesprekken, legt ze vast en houdt ze bij.",
        english: "Shows agreements out of meetings, records them and keeps them up to date.")
    static let recordAgreement = Phrase(
        dutch: "Legt een afspraak uit een gehouden gesprek vast (accounthouder).",
        english: "Records an agreement out of a meeting that was held (account holder).")
    static let agreementText = Phrase(dutch: "Wat is afgesproken.", english: "What was agreed.")
    static let owner = Phrase(
        dutch: "Wie het doet: een gemeente die meedeed, of de provincie (standaard).",
        english: "Who sees to it: a municipality that took part, or the province (unless said otherwise).")
    static let agreementDue = Phrase(dutch: "Uiterlijk op deze datum.", english: "By this date.")
    static let noDue = Phrase(dutch: "Zonder datum.", english: "Without a date.")
    static let agreementHandle = Phrase(
        dutch: "De afspraak: nummer uit de lijst.", english: "The agreement: handle from the list.")
    static let progress = Phrase(dutch: "Meldt hoe ver het is.", english: "Says how far it is.")
    static let percent = Phrase(dutch: "Hoe ver, in procenten.", english: "How far, in percent.")
    static let complete = Phrase(dutch: "Meldt dat het gedaan is.", english: "Says that it is done.")
    static let dropAgreement = Phrase(
        dutch: "Laat een afspraak vervallen, met reden.", english: "Drops an agreement, with a reason.")
    static let reopen = Phrase(dutch: "Opent een afspraak opnieuw.", english: "Reopens an agreement.")
    static let amend = Phrase(
        dutch: "Geeft een afspraak een andere datum (accounthouder).",
        english: "Gives an agreement another date (account holder).")
    static let onlyOpen = Phrase(dutch: "Alleen wat nog open is.", english: "Only what is still open.")
    static let onlyOverdue = Phrase(dutch: "Alleen wat over tijd is.", english: "Only what is overdue.")
    static let onlyMine = Phrase(
        dutch: "Alleen wat de eigen organisatie doet.", english: "Only what one's own organisation sees to.")
    static let programme = Phrase(
        dutch: "Toont uitvoeringsprogramma's en houdt ze bij.",
        english: "Shows implementation programmes and keeps them up to date.")
    static let startProgramme = Phrase(
        dutch: "Begint een programma (accounthouder).", english: "Starts a programme (account holder).")
    static let programmeName = Phrase(dutch: "De naam.", english: "The name.")
    static let programmeParty = Phrase(
        dutch: "Een gemeente van het programma; mag vaker.", english: "A municipality of the programme; may repeat."
    )
    static let regionParties = Phrase(
        dutch: "Alle gemeenten van de eigen regio.", english: "Every municipality of one's own region.")
    static let programmeHandle = Phrase(
        dutch: "Het programma: nummer uit de lijst, of zijn naam.",
        english: "The programme: handle from the list, or its name.")
    static let include = Phrase(
        dutch: "Neemt afspraken in het programma op.", english: "Takes agreements into the programme.")
    static let exclude = Phrase(
        dutch: "Neemt afspraken uit het programma.", english: "Takes agreements out of the programme.")
    static let rename = Phrase(dutch: "Geeft het een andere naam.", english: "Gives it another name.")
    static let close = Phrase(dutch: "Sluit het programma af.", english: "Closes the programme.")
}
