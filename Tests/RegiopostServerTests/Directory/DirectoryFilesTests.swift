import RegiopostModel
import Testing

@testable import RegiopostServer

@Suite("The directory's files") struct DirectoryFilesTests {
    static let organisations = "code,name,short_name,region.bestuurlijk\n"
    static let regions = "name,title,contact_name,contact_mail,contact_phone\n"
    static let province = "pv28,Provincie Zuid-Holland,Zuid-Holland,\n"

    private func read(_ organisations: String, _ regions: String) throws -> DirectoryFiles {
        try DirectoryFiles(
            organisations: Array((Self.organisations + organisations).utf8),
            regions: Array((Self.regions + regions).utf8), province: try #require(OrganisationCode("pv28")))
    }

    /// The sentences that reading ends in.
    private func mistakes(_ organisations: String, _ regions: String = "") -> [String] {
        do {
            _ = try read(organisations, regions)
            return []
        } catch {
            return (error as? OperatorError)?.text(.english).split(separator: "\n").dropLast().map(String.init)
                ?? []
        }
    }

    @Test("what comes with the program is Zuid-Holland as it is") func seed() throws {
        let code = try #require(OrganisationCode("pv28"))
        let files = try DirectoryFiles(
            organisations: try DirectorySeed.organisations(of: code), regions: DirectorySeed.regions(of: code),
            province: code)
        #expect(files.organisations.count == 51 && files.regions.count == 8)
        let hague = try #require(files.organisations.first { $0.code.text == "gm0518" })
        #expect(hague.name == "'s-Gravenhage" && hague.shortName == "Den Haag")
        let members = files.organisations.filter { $0.regions == ["bestuurlijk": "haagse-regio"] }
        #expect(members.count == 9)
        #expect(files.organisations.allSatisfy { $0.code == code || !$0.regions.isEmpty })
        #expect(files.regions.allSatisfy { $0.contact == Region.Contact() && $0.province == code })
    }

    @Test("another province begins with itself alone, and an unknown one not at all") func otherProvinces() throws {
        let code = try #require(OrganisationCode("pv30"))
        let files = try DirectoryFiles(
            organisations: try DirectorySeed.organisations(of: code), regions: DirectorySeed.regions(of: code),
            province: code)
        #expect(files.organisations.map(\.shortName) == ["Noord-Brabant"] && files.regions.isEmpty)
        let unknown = try #require(OrganisationCode("pv99"))
        #expect(throws: OperatorError.self) { try DirectorySeed.organisations(of: unknown) }
    }

    @Test("contacts and several classifications are read") func contents() throws {
        let files = try DirectoryFiles(
            organisations: Array(
                """
                short_name,region.zorg,code,name,region.bestuurlijk
                Zuid-Holland,,pv28,Provincie Zuid-Holland,
                 Delft , bb ,gm0503,Delft,a-1
                """.utf8),
            regions: Array((Self.regions + "a-1,Eén,P. Jansen,p@example.nl,070 1\nbb,\"Twee, 2\",,,\n").utf8),
            province: try #require(OrganisationCode("pv28")))
        #expect(files.regions.map(\.title) == ["Eén", "Twee, 2"])
        #expect(
            files.regions.first?.contact == Region.Contact(name: "P. Jansen", mail: "p@example.nl", phone: "070 1"))
        #expect(files.organisations.map(\.shortName) == ["Delft", "Zuid-Holland"])
        #expect(files.organisations.first?.regions == ["bestuurlijk": "a-1", "zorg": "bb"])
    }

    @Test(
        "each mistake is named with file, line and column",
        arguments: [
            (
                "", "",
                "directory/organisations.csv, line 1, column 1: the province of this server (pv28) is missing."
            ),
            (
                province + "gm503,Delft,Delft,\n", "",
                "directory/organisations.csv, line 3, column 1: \"gm503\" is no code"
            ),
            (
                province + "gm0503,Delft,Delft,xx\n", "",
                "directory/organisations.csv, line 3, column 20: the region xx"
            ),
            (
                province + "gm0503,,Delft,\n", "",
                "directory/organisations.csv, line 3, column 8: there must be one line"
            ),
            (province + "gm0503,Delft,Delft\n", "", "directory/organisations.csv, line 3, column 1: the row has 3"),
            (province + province, "", "directory/organisations.csv, line 3, column 1: pv28 is on line 2 already."),
            (
                province + "gm0503,\"a\nb\",Delft,\n", "",
                "directory/organisations.csv, line 3, column 8: there must be"
            ),
            (province, "Haagse Regio,x,,,\n", "directory/regions.csv, line 2, column 1: \"Haagse Regio\" can't be"),
            (province, "haagse-regio,,,,\n", "directory/regions.csv, line 2, column 14: there must be one line"),
            (province, "aa,A,\"x,,\n", "directory/regions.csv, line 2, column 6: the quotation mark"),
        ]) func places(organisations: String, regions: String, expected: String)
    {
        let found = mistakes(organisations, regions)
        #expect(found.count == 1 && found.first?.hasPrefix(expected) == true, "\(found)")
    }

    @Test("all mistakes are told at once, and no more than twenty") func many() {
        let rows = (0..<30).map { "gm\($0),x,y,\n" }.joined()
        let found = mistakes(Self.province + rows, "-,x,,,\n")
        #expect(found.count == 21)
        #expect(found.first?.hasPrefix("directory/regions.csv") == true)
        #expect(found.last == "… and 11 more.")
    }

    @Test("columns must be the known ones, once each") func columns() throws {
        let province = try #require(OrganisationCode("pv28"))
        for (header, expected) in [
            ("code,name,region.bestuurlijk", "column 1: the column short_name is missing."),
            ("code,name,short_name,region", "column 22: \"region\" is no known column."),
            ("code,name,short_name,region.", "column 22: \"region.\" is no known column."),
            ("code,name,short_name,name", "column 22: the column name is there twice."),
        ] {
            do {
                _ = try DirectoryFiles(
                    organisations: Array((header + "\n").utf8), regions: Array(Self.regions.utf8),
                    province: province)
                Issue.record("\(header) was read")
            } catch {
                #expect(error.text(.english).contains(expected), "\(error)")
            }
        }
    }

    @Test("only what differs is updated, and nothing is ever taken out") func difference() throws {
        let before = try read(Self.province + "gm0503,Delft,Delft,aa\ngm0518,X,X,\n", "aa,A,,,\nbb,B,,,\n")
        var directory = Directory()
        let server = try #require(Address("pv28/regiopostd"))
        for (count, update) in DirectoryUpdate.difference(from: directory, to: before).enumerated() {
            #expect(update.result == .added)
            let body = try #require(update.body)
            let type: ChangeType = if case .regionSet = body { .regionSet } else { .organisationSet }
            directory.apply(
                Change(
                    id: ChangeID(time: Timestamp(milliseconds: 0), random: (0, UInt64(count))),
                    subject: update.subject, after: nil, author: server, time: Timestamp(milliseconds: 0),
                    type: type, body: body))
        }
        #expect(directory.position == 5)
        #expect(DirectoryUpdate.difference(from: directory, to: before).isEmpty)

        let after = try read(Self.province + "gm0503,Delft,Delft,cc\ngm0599,R,R,\n", "aa,A,Iemand,,\ncc,C,,,\n")
        let updates = DirectoryUpdate.difference(from: directory, to: after).map {
            "\($0.subject) \($0.result.rawValue)"
        }
        #expect(
            updates == [
                "region/aa changed", "region/cc added", "region/bb kept", "organisation/gm0503 changed",
                "organisation/gm0599 added", "organisation/gm0518 kept",
            ])
    }
}
