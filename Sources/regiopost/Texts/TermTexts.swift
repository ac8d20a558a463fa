import RegiopostModel

extension Texts {
    // MARK: Deadlines
    static let nothingOpen = Phrase(dutch: "Er wacht niets.", english: "Nothing waits.")
    static let nothingOverdue = Phrase(dutch: "Niets is over tijd.", english: "Nothing is overdue.")
    static let nothingMine = Phrase(dutch: "Er wacht niets op u.", english: "Nothing waits for you.")
    static let answeredAlready = Phrase(
        dutch: "{name} heeft deze brief al beantwoord; er is niets verstuurd.",
        english: "{name} has answered this letter already; nothing was sent.")
    static let whichMunicipality = Phrase(
        dutch: "Zeg met --municipality om welke gemeente het gaat.",
        english: "Say by --municipality which municipality is meant.")
    static let dueOf = Phrase(dutch: "{name}, “{title}”: {due}", english: "{name}, “{title}”: {due}")
    static let noDue = Phrase(dutch: "geen datum", english: "no date")
    static let badDue = Phrase(
        dutch: "'{date}' is geen datum. Schrijf haar als 2026-06-01, of als aantal werkdagen: 20wd.",
        english: "'{date}' is no date. Write it like 2026-06-01, or as a number of working days: 20wd.")
    static let dueNotWorking = Phrase(
        dutch: "{due} is geen werkdag; de termijn eindigt op {end}.",
        english: "{due} is no working day; the term ends on {end}.")
    static let duePast = Phrase(
        dutch: "Let op: {due} is al voorbij.", english: "Note: {due} is over already.")
    static let waiting = Phrase(
        dutch: "{open} open, {overdue} over tijd, {mine} voor u. Zie 'regiopost mine'.",
        english: "{open} open, {overdue} overdue, {mine} for you. See 'regiopost mine'.")
}

extension Help {
    static let open = Phrase(
        dutch: "Toont wat op iemand wacht, wat het eerst af moet zijn bovenaan.",
        english: "Shows what waits for somebody, what is due first on top.")
    static let overdue = Phrase(
        dutch: "Toont wat over tijd is, met het aantal werkdagen.",
        english: "Shows what is overdue, with the number of working days.")
    static let mine = Phrase(dutch: "Toont wat op u wacht.", english: "Shows what waits for you.")
    static let remind = Phrase(
        dutch: "Herinnert een gemeente aan haar antwoord (provincie).",
        english: "Reminds a municipality of its answer (province).")
    static let dueCommand = Phrase(
        dutch: "Toont, zet of verplaatst de datum waarop een antwoord er moet zijn, of schort de termijn op.",
        english: "Shows, sets or moves the date by which an answer is due, or lets the term stand still.")
    static let setDue = Phrase(
        dutch: "De nieuwe datum, of een aantal werkdagen vanaf vandaag: 10wd. Een gemeente zet haar eigen datum.",
        english: "The new date, or a number of working days from today: 10wd. A municipality sets its own date.")
    static let suspend = Phrase(
        dutch: "Schort op vanaf deze dag ('today' voor vandaag); --reason zegt waarom.",
        english: "Let it stand still from this day on ('today' for today); --reason says why.")
    static let resume = Phrase(
        dutch: "Laat de termijn weer lopen vanaf deze dag ('today' voor vandaag).",
        english: "Let it run again from this day on ('today' for today).")
    static let oneOfDue = Phrase(
        dutch: "Geef hoogstens één van --set, --suspend en --resume.",
        english: "Give at most one of --set, --suspend and --resume.")
    static let suspendReason = Phrase(
        dutch: "Zeg met --reason waarom de termijn stilstaat.",
        english: "Say by --reason why the term stands still.")
}
