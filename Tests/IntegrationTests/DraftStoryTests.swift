import Foundation
import RegiopostJSON
import RegiopostTestSupport
import Testing

/// The whole way of a letter that is signed here and answered together, played by processes over TLS.
@Suite("From a draft to a joint response", .timeLimit(.minutes(5))) struct DraftStoryTests {
    private static let text = """
        Ons kenmerk
        DOS-2026-0000042
        PZH-2026-000000042

        Onderwerp: Samen verder

        Geachte formateur,

        Wij schrijven u over de woningbouw in uw gemeente.

        Wij verzoeken u de woningbouw op te nemen in het coalitieakkoord.

        Hoogachtend,

        """

    @Test(
        "secretaris and voorzitter sign, it is published; three municipalities answer together, one declines, its author sends"
    )
    func story() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let province = try await Province(at: office, port: server.port)
        let delft = try await Clerk("gm0503/college", at: office, port: server.port)
        let denHaag = try await Clerk("gm0518/college", at: office, port: server.port)
        let rijswijk = try await Clerk("gm0603/gemeentesecretaris", at: office, port: server.port)
        for clerk in province.all + [delft, denHaag, rijswijk] { try await clerk.syncs() }

        try await adopted(province, in: office)
        for clerk in [delft, denHaag, rijswijk] {
            try await clerk.syncs()
            #expect(try await clerk.does("draft", "list").array?.isEmpty == true)
            #expect(try await clerk.does("letters").array?.count == 1)
        }
        try await answered(delft, denHaag, rijswijk)
        try await acknowledged(province, delft)
        #expect(await server.stop() == 0)
    }

    private struct Province {
        let secretariaat: Clerk
        let secretaris: Clerk
        let voorzitter: Clerk
        let holder: Clerk
        var all: [Clerk] { [secretariaat, secretaris, voorzitter, holder] }

        init(at office: Office, port: Int) async throws {
            secretariaat = try await Clerk("pv28/secretariaat", at: office, port: port)
            secretaris = try await Clerk("pv28/secretaris", at: office, port: port)
            voorzitter = try await Clerk("pv28/voorzitter", at: office, port: port)
            holder = try await Clerk("pv28/accounthouder-haagse-regio", at: office, port: port)
        }
    }

    private func handle(_ said: JSONValue) throws -> String { String(try #require(said["id"]?.string).suffix(8)) }

    /// The secretariaat drafts, both sign, one of them a text that was changed meanwhile, and it goes.
    private func adopted(_ province: Province, in office: Office) async throws {
        let file = office.folder.path + "/brief.txt"
        try Self.text.write(toFile: file, atomically: true, encoding: .utf8)
        let saved = try await province.secretariaat.does(
            "draft", "save", "letter", file, "--region", "haagse-regio", "--to", "formateur")
        let draft = try handle(saved)
        for clerk in province.all { try await clerk.syncs() }
        #expect(try await province.secretariaat.refused("draft", "send", draft) == "not-adopted")
        #expect(try await province.holder.refused("draft", "sign", draft) == "not-allowed")

        // The voorzitter signs offline what the secretariaat changes at the same time: that signature is void.
        try await province.voorzitter.does("draft", "sign", draft)
        try await province.secretariaat.does("draft", "edit", draft, "--title", "Samen verder, tweede tekst")
        for clerk in [province.secretariaat, province.voorzitter, province.secretaris] { try await clerk.syncs() }
        let shown = try await province.voorzitter.does("draft", "show", draft)
        #expect(shown["missing"]?.array?.count == 2 && shown["version"]?.integer == 2)

        try await province.voorzitter.does("draft", "sign", draft)
        try await province.secretaris.does("draft", "sign", draft)
        for clerk in [province.voorzitter, province.secretaris, province.secretariaat] { try await clerk.syncs() }
        #expect(try await province.secretariaat.does("draft", "show", draft)["status"]?.string == "adopted")
        try await province.secretariaat.does("draft", "send", draft)
        try await province.secretariaat.syncs()
        #expect(try await province.secretariaat.does("draft", "show", draft)["status"]?.string == "sent")
    }

    /// Delft draws up, Den Haag signs, Rijswijk declines; Delft sends it all the same.
    private func answered(_ delft: Clerk, _ denHaag: Clerk, _ rijswijk: Clerk) async throws {
        let saved = try await delft.does(
            "draft", "save", "joint", "DOS-2026-0000042", "--with", "Den Haag", "--with", "Rijswijk", "--text",
            "Wij nemen dit samen over.", "--answer", "1=ja: vanaf 2027", "--support", "knowledge,finance")
        let draft = try handle(saved)
        try await delft.does("draft", "sign", draft)
        try await delft.syncs()
        for clerk in [denHaag, rijswijk] { try await clerk.syncs() }
        try await denHaag.does("draft", "sign", draft)
        try await rijswijk.does("draft", "decline", draft, "--reason", "Eigen koers.")
        for clerk in [denHaag, rijswijk, delft] { try await clerk.syncs() }
        try await denHaag.syncs()
        #expect(try await denHaag.refused("draft", "send", draft) == "signature-missing")
        #expect(try await delft.refused("draft", "send", draft) == "signature-missing")
        try await delft.does("draft", "send", draft, "--incomplete")
        try await delft.syncs()
    }

    /// The account holder reads and acknowledges it; the overview counts it for the two who signed.
    private func acknowledged(_ province: Province, _ delft: Clerk) async throws {
        let holder = province.holder
        try await holder.syncs()
        let joints = try #require(try await holder.does("joint", "list").array)
        let joint = try #require(joints.first)
        #expect(joint["signed"]?.array?.compactMap(\.string) == ["gm0503", "gm0518"])
        #expect(joint["declined"]?.array?.first?["reason"]?.string == "Eigen koers.")
        try await holder.does("joint", "acknowledge", try handle(joint), "--note", "Dank u beiden.")
        try await holder.syncs()
        try await province.secretariaat.syncs()
        let overview = try await province.secretariaat.does("letter", "overview", "DOS-2026-0000042")
        let together = overview["recipients"]?.array?.filter { $0["together"]?.bool == true }
        #expect(together?.compactMap { $0["address"]?.string } == ["gm0503/formateur", "gm0518/formateur"])
        #expect(overview["requests"]?.array?.first?["yes"]?.integer == 2)
        #expect(
            try await province.secretariaat.sees("letter", "overview", "DOS-2026-0000042").contains(
                "answered together"))
        try await delft.syncs()
        #expect(try await delft.does("joint", "list").array?.first?["status"]?.string == "acknowledged")
    }
}
