import RegiopostModel
import RegiopostTestSupport
import RegiopostWire
import Testing

/// Mandates and mergers over real processes: who had the work, who has it now.
@Suite("Successors, over the wire", .timeLimit(.minutes(5))) struct SuccessionTests {
    /// All changes of a mailbox, oldest first, or the code that refuses them.
    private func read(_ client: TestClient, _ mailbox: MailboxName = .own) async throws -> Result<[Change], Refused>
    {
        let tag = try await client.send(.pull(mailbox, after: .start, limit: nil))
        var changes: [Change] = []
        while true {
            switch try await client.next() {
            case .change(_, let stored): changes.append(try Change(line: Array(stored.bytes)))
            case .replied(tag, .pull): return .success(changes)
            case .replied(tag, .no(let rejection)):
                return .failure(Refused(code: rejection.code, details: rejection.details))
            case .ended(let end, _): throw Ended(end: end)
            default: continue
            }
        }
    }

    private struct Refused: Error, Equatable {
        let code: String
        let details: [String: String]
    }

    private struct Ended: Error { let end: ClientSession.End }

    private func push(_ change: Change, by client: TestClient) async throws -> String {
        switch try await client.ask(.push(change.line()[...])) {
        case .push: return "ok"
        case .no(let rejection): return rejection.code
        default: return "?"
        }
    }

    @Test("formateur: when the mandate ends the watch ends, and the college has the whole history and goes on")
    func formateur() async throws {
        let office = try await Office()
        let server = try await office.serve()
        var story = try Story()
        let badge = try await office.admit("gm0503/formateur", port: server.port)
        let formateur = try await badge.enter(port: server.port)
        let college = try await office.admit("gm0503/college", port: server.port).enter(port: server.port)
        let province = try await office.admit("pv28/secretariaat", port: server.port).enter(port: server.port)
        let letter = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        #expect(try await push(letter, by: province) == "ok")
        // Only the formateur has a receipt of its own.
        let receipt = try story.change(
            "gm0503/formateur", .receipt(letter: letter.id, address: try #require(Address("gm0503/formateur"))),
            .receiptOpened, .receiptOpened(try story.route()))
        #expect(try await push(receipt, by: formateur) == "ok")
        let request = try story.change("gm0503/formateur", nil, .meetingRequest, try story.meeting())
        #expect(try await push(request, by: formateur) == "ok")
        let held = try await read(formateur).get()
        #expect(try await !read(college).get().contains(receipt))

        let watcher = try await badge.enter(port: server.port)
        _ = try await watcher.ask(.watch(.own, after: .start))
        let ended = try await office.run("mandate", "end", "gm0503/formateur")
        #expect(ended.status == 0 && ended.output.contains("gm0503/college"))
        while true {
            guard case .ended(let end, _) = try await watcher.next() else { continue }
            guard case .bye("mandate-ended", _) = end else {
                Issue.record("\(end)")
                break
            }
            break
        }

        let refused = try await read(formateur)
        guard case .failure(let why) = refused else {
            Issue.record("still read")
            return
        }
        #expect(why.code == "mandate-ended" && why.details["successor"] == "gm0503/college")
        let late = try story.change(
            "gm0503/formateur", request.subject, .meetingCancel, .meeting(.cancel(reason: "-")), after: request.id)
        #expect(try await push(late, by: formateur) == "mandate-ended")
        // It may still read why.
        #expect(try await read(formateur, .directory).get().last?.type == .mandateEnd)

        let history = try await read(college).get()
        for change in held { #expect(history.filter { $0.id == change.id }.count == 1) }
        #expect(history.contains(receipt))
        let cancel = try story.change(
            "gm0503/college", request.subject, .meetingCancel, .meeting(.cancel(reason: "Anders.")),
            after: request.id)
        #expect(try await push(cancel, by: college) == "ok")
        #expect(try await office.run("verify").status == 0)
        #expect(await server.stop() == 0)
    }

    @Test("a merger: the new municipality holds what the old ones held, and the old ones are refused") func merger()
        async throws
    {
        let office = try await Office()
        let server = try await office.serve()
        var story = try Story()
        let province = try await office.admit("pv28/secretariaat", port: server.port).enter(port: server.port)
        let old = ["gm0503", "gm0603", "gm0518"]
        let letter = try story.change(
            Story.secretariaat, nil, .letterPublish, try story.letter(to: old.map { $0 + "/formateur" }, copies: [])
        )
        #expect(try await push(letter, by: province) == "ok")
        var held: [Change] = []
        var clients: [TestClient] = []
        for code in old {
            let client = try await office.admit(code + "/college", port: server.port).enter(port: server.port)
            let request = try story.change(code + "/college", nil, .meetingRequest, try story.meeting())
            #expect(try await push(request, by: client) == "ok")
            held += try await read(client).get()
            clients.append(client)
        }
        let merged = try await office.run(
            "organisation", "merge", "gm0503", "gm0603", "gm0518", "--into", "gm1999", "--from", "2026-01-01",
            "--name",
            "Groot Delfland")
        #expect(merged.status == 0 && merged.output.contains("(gm0503)"))
        let new = try await office.admit("gm1999/college", port: server.port).enter(port: server.port)
        let history = try await read(new).get()
        #expect(Set(history.map(\.id)) == Set(held.map(\.id)) && history.count == Set(held.map(\.id)).count)
        for client in clients {
            guard case .failure(let why) = try await read(client) else {
                Issue.record("still read")
                return
            }
            #expect(why.code == "organisation-abolished" && why.details["successor-name"] == "Groot Delfland")
        }
        let late = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        #expect(try await push(late, by: province) == "organisation-abolished")
        for code in old {
            let subject = SubjectID.response(letter: letter.id, organisation: try #require(OrganisationCode(code)))
            let answer = try story.change(
                "gm1999/college", subject, .responseSubmit, try story.response(roles: [.formateur]))
            #expect(try await push(answer, by: new) == "ok")
        }
        #expect(try await office.run("verify").status == 0)
        #expect(await server.stop() == 0)
    }
}
