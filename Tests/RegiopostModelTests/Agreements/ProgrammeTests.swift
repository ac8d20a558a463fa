import RegiopostModel
import RegiopostTestSupport
import Testing

/// “Uitvoeringsprogramma's”: a named list of agreements.
@Suite("Life cycle: implementation programme") struct ProgrammeTests {
    private func state(_ story: Story, _ subject: SubjectID) throws -> ProgrammeState {
        guard case .programme(let programme) = story.world.subject(subject)?.state else { throw NoProgramme() }
        return programme
    }

    private struct NoProgramme: Error {}

    private func id(_ subject: SubjectID) throws -> ChangeID {
        guard case .agreement(let id) = subject else { throw NoProgramme() }
        return id
    }

    private func step(
        _ story: inout Story, _ subject: SubjectID, _ step: ProgrammeStep, by author: String = Story.accounthouder
    ) throws -> RefusalCode? {
        try story.refusal(author, subject, step.type, .programme(step))
    }

    @Test("started, agreements in and out, renamed, closed, and then nothing more") func lifeCycle() throws {
        var story = try Story()
        let (one, two) = (try id(try story.recordedAgreement()), try id(try story.recordedAgreement(owner: "pv28")))
        let subject = try story.accept(Story.accounthouder, nil, .programmeStart, story.programme()).subject
        #expect(try step(&story, subject, .include([one, one])) == .badField)
        #expect(try step(&story, subject, .include([one])) == nil)
        #expect(try step(&story, subject, .include([two, one])) == .badField)
        #expect(try step(&story, subject, .exclude([two])) == .badField)
        #expect(try step(&story, subject, .include([two])) == nil)
        #expect(try state(story, subject).agreements == [one, two])
        #expect(try step(&story, subject, .exclude([one])) == nil)
        #expect(try step(&story, subject, .rename("Wonen")) == nil)
        #expect(try state(story, subject).agreements == [two] && state(story, subject).name == "Wonen")
        #expect(try step(&story, subject, .close(note: "Klaar.")) == nil)
        let closed = try state(story, subject)
        #expect(closed.isClosed && closed.note == "Klaar.")
        for next in [.include([one]), .exclude([two]), .rename("X"), .close(note: nil)] as [ProgrammeStep] {
            #expect(try step(&story, subject, next) == .illegalStep)
        }
        #expect(try state(story, subject) == closed)
    }

    @Test("who sees it learns no more of an agreement than its id") func audience() throws {
        var story = try Story()
        let agreement = try story.recordedAgreement()
        let subject = try story.accept(
            Story.accounthouder, nil, .programmeStart, story.programme(["gm0503", "gm0603"])
        ).subject
        let include = try story.change(
            Story.accounthouder, subject, .programmeInclude, .programme(.include([try id(agreement)])))
        let seen = Set(try story.send(include).mailboxes.map(\.text))
        #expect(
            seen == [
                Story.accounthouder, "pv28/registratuur", "gm0503/college", "gm0503/gemeentesecretaris",
                "gm0503/burgemeester", "gm0503/registratuur", "gm0603/college", "gm0603/gemeentesecretaris",
                "gm0603/burgemeester", "gm0603/registratuur",
            ])
        #expect(!String(decoding: include.line(), as: UTF8.self).contains("bouwlocaties"))
        let state = try #require(story.world.subject(agreement)?.state)
        let rijswijk = try #require(Address("gm0603/college"))
        #expect(!Audience.mailboxes(of: state, in: story.world.directory).contains(.address(rijswijk)))
    }

    @Test("an agreement that its author doesn't see isn't there, and others' programmes aren't either")
    func visible() throws {
        var story = try Story()
        let agreement = try id(try story.recordedAgreement())
        let other = "pv28/accounthouder-drechtsteden"
        let subject = try story.accept(
            other, nil, .programmeStart, story.programme(["gm0505"], region: "drechtsteden")
        ).subject
        #expect(try step(&story, subject, .include([agreement]), by: other) == .subjectUnknown)
        #expect(try step(&story, subject, .include([story.nextID()]), by: other) == .subjectUnknown)
        #expect(try step(&story, subject, .rename("X")) == .subjectUnknown)
        #expect(try step(&story, subject, .rename("X"), by: "gm0505/college") == .notAllowed)
        #expect(try step(&story, .programme(story.nextID()), .rename("X")) == .subjectUnknown)
    }

    @Test("it is of municipalities, each once, and of the author's own region") func start() throws {
        var story = try Story()
        let wrong: [(ChangeBody, RefusalCode)] = [
            (story.programme(["gm0503", "gm0503"]), .badField), (story.programme(["pv28"]), .badField),
            (story.programme(["gm0999"]), .unknownOrganisation),
            (story.programme(region: "drechtsteden"), .notAllowed),
        ]
        for (body, code) in wrong {
            #expect(try story.refusal(Story.accounthouder, nil, .programmeStart, body) == code)
        }
        #expect(try story.refusal("gm0503/college", nil, .programmeStart, story.programme()) == .notAllowed)
    }

    @Test("it holds no more than 500 agreements") func limit() throws {
        var story = try Story()
        let subject = try story.accept(Story.accounthouder, nil, .programmeStart, story.programme()).subject
        let (meeting, hold) = try story.heldMeeting()
        let body = try story.agreement(of: meeting)
        var ids: [ChangeID] = []
        for _ in 0...ProgrammeState.maximumAgreements {
            let change = try story.change(Story.accounthouder, nil, .agreementRecord, body, needs: [hold])
            try story.send(change)
            ids.append(change.id)
        }
        #expect(try step(&story, subject, .include(Array(ids.dropLast()))) == nil)
        #expect(try step(&story, subject, .include([ids[ids.count - 1]])) == .badField)
    }
}
