import RegiopostModel

extension Texts {
    // MARK: Drafts
    static let regionMissing = Phrase(
        dutch: "Geef met --region aan naar welke regio de brief gaat.",
        english: "Say by --region which region the letter goes to.")
    static let membersMissing = Phrase(
        dutch: "Geef met --with aan wie meetekent, of met --region de hele regio.",
        english: "Say by --with who co-signs, or by --region the whole region.")
    static let noSharedDrafts = Phrase(
        dutch:
            "Er zijn geen gedeelde concepten. Bestanden van 'letter import' staan onder 'regiopost letter drafts'.",
        english: "There are no shared drafts. Files of 'letter import' stand in 'regiopost letter drafts'.")
    static let noSharedDraft = Phrase(
        dutch: "Geen concept heet '{handle}'. Zie 'regiopost draft list'.",
        english: "No draft is called '{handle}'. See 'regiopost draft list'.")
    static let signing = Phrase(
        dutch: "U tekent “{title}”, versie {version} (SHA-256 {digest}…). Verandert de tekst, dan vervalt dit.",
        english: "You sign “{title}”, version {version} (SHA-256 {digest}…). A new text voids this.")
    static let signaturesVoid = Phrase(
        dutch: "Handtekeningen onder de vorige tekst vervallen.",
        english: "Signatures of the earlier text are void now.")
    static let notAllSigned = Phrase(
        dutch:
            "Nog niet getekend door: {list}. Wilt u het toch versturen, geef dan --incomplete; het antwoord zegt dan wie niet "
            + "getekend heeft.",
        english:
            "Not signed by: {list}. To send it all the same give --incomplete; the response then says who has not signed."
    )
    static let sentWithout = Phrase(
        dutch: "Verstuurd zonder: {list}. Dat staat in het antwoord.",
        english: "Sent without: {list}. The response says so.")
    static let answersSuperseded = Phrase(
        dutch:
            "Let op: er is een nieuwere brief ({handle}) die deze vervangt. Uw antwoord telt; beide kanten zien dat het op de "
            + "oude brief is.",
        english:
            "Note: a newer letter ({handle}) has taken this one's place. Your answer counts; both sides see that it is to "
            + "the old letter.")
    static let noJoints = Phrase(
        dutch: "Er zijn nog geen gezamenlijke antwoorden.", english: "There are no joint responses yet.")
    static let noJoint = Phrase(
        dutch: "Geen gezamenlijk antwoord heet '{handle}'. Zie 'regiopost joint list'.",
        english: "No joint response is called '{handle}'. See 'regiopost joint list'.")
}

extension Help {
    static let sharedDraft = Phrase(
        dutch: "Werkt samen aan een brief of antwoord, tekent en verstuurt het.",
        english: "Works together on a letter or an answer, signs and sends it.")
    static let draftsAreShared = Phrase(
        dutch:
            "Een concept gaat bij 'sync' naar de eigen kring en nooit naar ontvangers. 'letter import' maakt een bestand dat "
            + "alleen hier staat; 'draft save letter' maakt er een gedeeld concept van, en dat wordt geen bestand meer.",
        english:
            "By 'sync' a draft goes to its own circle and never to recipients. 'letter import' makes a file that is here alone; "
            + "'draft save letter' makes a shared draft of it, which doesn't become a file again.")
    static let draftHandle = Phrase(
        dutch: "Het concept: nummer uit 'regiopost draft list'.",
        english: "The draft: handle from 'regiopost draft list'.")
    static let draftTitle = Phrase(dutch: "Hoe het concept heet.", english: "What the draft is called.")
    static let saveDraft = Phrase(dutch: "Maakt een gedeeld concept.", english: "Makes a shared draft.")
    static let saveLetter = Phrase(
        dutch: "Van een brief, uit een bestand (secretariaat). Secretaris en voorzitter tekenen hem.",
        english: "Of a letter, from a file (secretariat). Secretaris and voorzitter sign it.")
    static let saveResponse = Phrase(
        dutch: "Van het antwoord van uw organisatie.", english: "Of your organisation's response.")
    static let saveJoint = Phrase(
        dutch: "Van een gezamenlijk antwoord; elk lid tekent.", english: "Of a joint response; each member signs.")
    static let member = Phrase(
        dutch: "Een gemeente die meetekent; mag vaker.", english: "A municipality that co-signs; may repeat.")
    static let allMembers = Phrase(
        dutch: "Alle gemeenten aan wie de brief gericht is.",
        english: "All municipalities that the letter is addressed to.")
    static let editDraft = Phrase(
        dutch: "Bewaart een nieuwe versie; wat u niet opgeeft blijft zoals het was.",
        english: "Saves a new version; what isn't given stays as it was.")
    static let sign = Phrase(
        dutch: "Tekent de nieuwste tekst van een concept.", english: "Signs the newest text of a draft.")
    static let declineToSign = Phrase(dutch: "Tekent een concept niet.", english: "Declines to sign a draft.")
    static let discard = Phrase(dutch: "Doet een concept weg.", english: "Discards a draft.")
    static let sendDraft = Phrase(
        dutch:
            "Verstuurt een concept zoals het is: de vastgestelde brief, het antwoord, het gezamenlijke antwoord.",
        english: "Sends a draft as it is: the adopted letter, the response, the joint response.")
    static let incomplete = Phrase(
        dutch: "Verstuur ook als niet alle leden getekend hebben (opsteller).",
        english: "Send it although not all members have signed (who drew it up).")
    static let supersedes = Phrase(
        dutch: "De eerdere brief die deze vervangt.", english: "The earlier letter whose place this takes.")
    static let joint = Phrase(
        dutch: "Toont, bevestigt of trekt gezamenlijke antwoorden in.",
        english: "Shows, acknowledges or withdraws joint responses.")
    static let jointHandle = Phrase(
        dutch: "Het gezamenlijke antwoord: nummer uit de lijst.",
        english: "The joint response: handle from the list.")
    static let overview = Phrase(
        dutch: "Toont hoe ver een brief bij elke ontvanger is, en wat er op elk verzoek is geantwoord.",
        english: "Shows how far a letter got with each recipient, and what was answered to each request.")
}
