import RegiopostJSON
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Request for action: each is answered by its number") struct RequestAnswerTests {
    private func content(_ answers: [RequestAnswer], support: [SupportKind] = []) throws -> ChangeBody {
        let answer = AnswerContent(
            dossier: DossierNumber(Story.dossier), text: "Graag.", answers: answers, themes: ["Wonen"],
            support: support)
        return .responseSubmit(
            ResponseContent(route: try Story().route(), roles: [.formateur, .griffie], answer: answer))
    }

    /// A letter that asks for two things, and Delft's answer to it.
    private func asked() throws -> (Story, SubjectID) {
        var story = try Story()
        let body = try story.letter(requests: ["Bouw woningen.", "Spaar water."])
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, body).id
        return (story, .response(letter: letter, organisation: try #require(OrganisationCode("gm0503"))))
    }

    @Test("the fold has what was said to each request, and the six kinds of support asked for") func answered()
        throws
    {
        var (story, subject) = try asked()
        let answers = [
            RequestAnswer(request: 1, verdict: .partly, text: "De helft."),
            RequestAnswer(request: 2, verdict: .later),
        ]
        try story.accept(
            "gm0503/college", subject, .responseSubmit, try content(answers, support: SupportKind.allCases))
        guard case .response(let response) = story.world.subject(subject)?.state else {
            Issue.record("no response")
            return
        }
        #expect(response.current.content.answer.answers == answers)
        #expect(response.current.content.answer.support.count == 6)
    }

    @Test("a request that the letter doesn't make is refused, naming the field") func outOfRange() throws {
        var (story, subject) = try asked()
        let answers = [RequestAnswer(request: 1, verdict: .yes), RequestAnswer(request: 3, verdict: .no)]
        let change = try story.change("gm0503/college", subject, .responseSubmit, try content(answers))
        let details = ["field": "body.answers[1].request", "expected": "a number from 1 to 2"]
        #expect(throws: Refusal(.badField, details)) { try story.send(change) }
    }

    @Test(
        "each wrong field names itself",
        arguments: [
            (#"[{"request":1,"answer":"yes"},{"request":1,"answer":"no"}]"#, "body.answers[1].request"),
            (#"[{"request":0,"answer":"yes"}]"#, "body.answers[0].request"),
            (#"[{"request":1,"answer":"ja"}]"#, "body.answers[0].answer"),
            (#"[{"request":1,"answer":"yes","text":""}]"#, "body.answers[0].text"),
            (#"["ja"]"#, "body.answers[0]"),
        ]) func named(_ answers: String, _ field: String) throws
    {
        var (story, subject) = try asked()
        let line = try story.change("gm0503/college", subject, .responseSubmit, try content([])).line()
        let value = try JSONReader.read(line)
        let body = try #require(value["body"]).setting("answers", to: try JSONReader.read(Array(answers.utf8)))
        #expect(refusal(of: value.setting("body", to: body).encoded())?.details["field"] == field)
    }

    @Test("a kind of support is asked for once") func supportTwice() throws {
        var (story, subject) = try asked()
        let body = try content([], support: [.finance, .finance])
        let line = try story.change("gm0503/college", subject, .responseSubmit, body).line()
        #expect(refusal(of: line)?.details["field"] == "body.support")
    }
}
