import RegiopostJSON
import RegiopostModel
import Testing

@testable import RegiopostServer

@Suite("Orders about mandates, organisations and regions") struct DirectoryOrderTests {
    private func order(
        _ test: TestFolder, _ verb: DirectoryOrder.Verb, _ names: [String], _ options: [String: String] = [:],
        memberships: [String] = []
    ) async throws -> AdministrationReply {
        try await test.administer(.order(DirectoryOrder(verb, names, options, memberships: memberships)))
    }

    @Test("an order is the same behind the socket") func socket() {
        let request = AdministrationRequest.order(
            DirectoryOrder(
                .organisationSet, ["gm0503"], ["name": "Delft", "short-name": nil],
                memberships: ["zorg=haagse-regio"]))
        #expect(AdministrationRequest(json: request.json) == request)
    }

    @Test("three municipalities become a fourth, which is made, and nothing is invited to the old ones")
    func merge()
        async throws
    {
        let test = try await TestFolder().make()
        let reply = try await order(
            test, .organisationMerge, ["gm0503", "gm0603"],
            ["into": "gm1999", "from": "2024-01-01", "name": "Delfswijk"])
        #expect(reply.error == nil)
        #expect(reply.items.map { $0["state"]?.string } == ["merged", "merged", nil])
        #expect(reply.items.last?["regions"]?["bestuurlijk"]?.string == "haagse-regio")
        #expect(reply.items.first?["until"]?.string == "2023-12-31")
        let text = AdministrationText(language: .dutch).ordered(
            DirectoryOrder(.organisationMerge), reply.items)
        #expect(text.first == "Delft (gm0503) is opgegaan in gm1999; de postbussen zijn overgenomen.")
        let invited = try await test.administer(.invite("gm0603/griffie"))
        #expect(invited.error?.text(.dutch).contains("nodig Delfswijk (gm1999) uit") == true)
        #expect(try await test.administer(.invite("gm1999/griffie")).error == nil)
        let again = try await order(
            test, .organisationMerge, ["gm0503"], ["into": "gm1999", "from": "2024-01-01"])
        #expect(again.error?.code == .data)
        // The files still speak of them, and don't bring them back.
        #expect(try await test.administer(.loadDirectory).items.map { $0["result"]?.string } == ["kept"])
        #expect(try await test.administer(.verify).error == nil)
    }

    @Test("a merger in the future is planned") func planned() async throws {
        let test = try await TestFolder().make()
        let reply = try await order(
            test, .organisationMerge, ["Delft"], ["into": "gm0518", "from": "2099-01-01"])
        #expect(reply.items.first?["state"]?.string == "planned")
        #expect(try await test.administer(.invite("gm0503/griffie")).error == nil)
    }

    @Test("a merger that can't be is refused with a sentence, and changes nothing") func impossible() async throws {
        let test = try await TestFolder().make()
        for (codes, options) in [
            (["gm0503"], ["into": "gm1999", "from": "2024-01-01"]),
            (["gm0503"], ["into": "gm0503", "from": "2024-01-01"]),
            (["gm0503"], ["into": "gm0518", "from": "1 januari"]), (["gm0503"], ["into": "gm0518"]),
            (["gm9999"], ["into": "gm0518", "from": "2024-01-01"]), ([], ["into": "gm0518", "from": "2024-01-01"]),
            (["gm0503"], ["into": "pv28", "from": "2024-01-01"]),
        ] {
            let error = try #require(try await order(test, .organisationMerge, codes, options).error)
            #expect(error.code == .data || error.code == .usage, "\(codes) \(options)")
        }
        let changes = try await test.administer(.status).items.first?["directoryChanges"]?.integer
        #expect(changes == TestFolder.changes)
    }

    @Test("memberships have days and several classifications, and loading the files keeps them") func memberships()
        async throws
    {
        let test = try await TestFolder().make()
        let reply = try await order(
            test, .organisationSet, ["gm0503"], [:],
            memberships: ["zorg=haagse-regio:2026-01-01..2026-12-31", "zorg=drechtsteden:2027-01-01.."])
        #expect(reply.error == nil)
        let item = try #require(try await order(test, .organisationList, ["Delft"]).items.first)
        #expect(item["memberships"]?.array?.count == 3)
        #expect(item["regions"]?["bestuurlijk"]?.string == "haagse-regio")
        let overlapping = try await order(
            test, .organisationSet, ["gm0503"], [:],
            memberships: ["zorg=haagse-regio", "zorg=drechtsteden:2027-01-01.."])
        #expect(overlapping.error?.text(.english).contains("each classification once") == true)
        let nowhere = try await order(test, .organisationSet, ["gm0503"], [:], memberships: ["zorg=veluwe"])
        #expect(nowhere.error?.text(.english).contains("veluwe is not in the directory") == true)
    }

    @Test("accounthouder: a region is handed over, with its history, and the old certificates on request")
    func handOver()
        async throws
    {
        let test = try await TestFolder().make()
        let first = try await order(test, .regionSet, ["haagse-regio"], ["name": "C. Jansen"])
        #expect(first.items.first?["contactName"]?.string == "C. Jansen")
        let reply = try await order(
            test, .regionHandover, ["haagse-regio"],
            ["name": "D. de Boer", "mail": "d.deboer@example.nl", "from": "2026-01-01", "revoke": "yes"])
        let item = try #require(reply.items.first)
        #expect(item["before"]?.string == "C. Jansen" && item["revoked"]?.array?.isEmpty == true)
        let text = AdministrationText(language: .english).ordered(DirectoryOrder(.regionHandover), reply.items)
        #expect(text.contains { $0.contains("regiopostd invite pv28/accounthouder-haagse-regio") })
        let region = try await test.administer(.showDirectory).items.first {
            $0["region"]?.string == "haagse-regio"
        }
        #expect(region?["contactName"]?.string == "D. de Boer")
        #expect(region?["history"]?.array?.compactMap { $0["contactName"]?.string } == ["C. Jansen", "D. de Boer"])
        // The files leave the contact blank, and so it stays.
        #expect(try await test.administer(.loadDirectory).items.isEmpty)
        let future = try await order(
            test, .regionHandover, ["haagse-regio"], ["name": "F. Visser", "from": "2099-01-01"])
        #expect(future.error?.code == .usage)
    }

    @Test("mandates that can't be are refused with a sentence") func mandates() async throws {
        let test = try await TestFolder().make()
        for (address, options) in [
            ("gm0503/formateur", [:]), ("gm0503/formateur", ["from": "morgen"]),
            ("gm0503/formateur", ["from": "2026-06-30", "until": "2026-06-01"]),
            ("gm0503/formateur", ["from": "2026-06-30", "to": "gm0518/college"]),
            ("gm0503/college", ["from": "2026-06-30"]), ("gm0503/koning", ["from": "2026-06-30"]),
        ] {
            let error = try #require(try await order(test, .mandateSet, [address], options).error)
            #expect(error.code == .data || error.code == .usage, "\(address) \(options)")
        }
        #expect(try await order(test, .mandateList, []).items.isEmpty)
        let ended = try await order(test, .mandateEnd, ["gm0503/formateur"])
        #expect(ended.items.first?["state"]?.string == "ended")
        let twice = try await order(test, .mandateEnd, ["gm0503/formateur"])
        #expect(twice.error?.text(.english).contains("gm0503/college has its work") == true)
        let text = AdministrationText(language: .dutch).ordered(DirectoryOrder(.mandateList), ended.items)
        #expect(text.first?.hasSuffix("gm0503/college heeft alles overgenomen.") == true)
    }
}
