import RegiopostJSON
import RegiopostModel
import Testing

@testable import RegiopostServer

@Suite("What operators read") struct PresentationTests {
    private let serial = "0a1b"

    private func certificates() -> AdministrationReply {
        let states = [("gm0503/griffie", "valid"), ("gm0503/gemeentesecretaris", "revoked")]
        return AdministrationReply(
            items: states.map { address, state in
                .object([
                    "serial": .string(serial), "address": .string(address), "state": .string(state),
                    "issued": .string("2026-01-01T00:00:00Z"), "expires": .string("2027-02-02T00:00:00Z"),
                ])
            })
    }

    @Test("certificates stand in columns, in either language") func table() {
        let dutch = Presentation(.certificates, certificates(), .dutch, asJSON: false)
        #expect(
            dutch.output == """
                Adres                      Staat        Geldig tot            Serienummer
                gm0503/griffie             geldig       2027-02-02T00:00:00Z  0a1b
                gm0503/gemeentesecretaris  ingetrokken  2027-02-02T00:00:00Z  0a1b

                """)
        #expect(dutch.remarks.isEmpty)
        let english = Presentation(.certificates, certificates(), .english, asJSON: false)
        #expect(english.output.contains("gm0503/gemeentesecretaris  revoked"))
    }

    @Test("programs get one object a line, and no sentence between") func json() throws {
        let shown = Presentation(.certificates, certificates(), .dutch, asJSON: true)
        let lines = shown.output.split(separator: "\n")
        #expect(lines.count == 2 && shown.remarks.isEmpty)
        #expect(try JSONReader.read(Array(lines[0].utf8))["state"]?.string == "valid")
    }

    @Test("an invitation is all of standard output; what people should know comes beside it") func invitation() {
        let item = JSONValue.object([
            "address": .string("gm0503/griffie"), "invitation": .string("regiopost:1:x"),
            "expires": .string("2026-12-01T00:00:00Z"),
        ])
        let shown = Presentation(.invite(""), AdministrationReply(items: [item]), .dutch, asJSON: false)
        #expect(shown.output == "regiopost:1:x\n")
        #expect(
            shown.remarks.hasPrefix("Uitnodiging voor gm0503/griffie") && !shown.remarks.contains("regiopost:1"))
    }

    @Test("an error comes with what was found before it") func error() {
        let fault = JSONValue.object([
            "mailbox": .string("directory"), "position": .number(3), "fault": .string("digest"),
        ])
        let reply = AdministrationReply(
            items: [fault], error: OperatorError(.io, dutch: "Kapot.", english: "Broken."))
        let shown = Presentation(.verify, reply, .dutch, asJSON: false)
        #expect(shown.output == "Fout (digest) in postbus directory op positie 3.\n" && shown.remarks == "Kapot.\n")
        #expect(
            Presentation(.status, AdministrationReply(error: reply.error), .english, asJSON: false).output.isEmpty)
    }

    @Test("every warning has its sentence") func warnings() {
        for warning in [Administration.Warning.journalFailed, .serverCertificateExpires, .authorityExpires] {
            let item = JSONValue.object(["warnings": .strings([warning.rawValue])])
            for language in Language.allCases {
                let shown = Presentation(.status, AdministrationReply(items: [item]), language, asJSON: false)
                    .output
                #expect(!shown.contains(warning.rawValue) && !shown.contains("{"))
                #expect(shown.contains(language == .dutch ? "LET OP" : "WARNING"))
            }
        }
    }

    @Test("codes have the exit statuses of sysexits, each its own") func statuses() {
        let statuses = OperatorError.Code.allCases.map(\.exitStatus)
        #expect(Set(statuses).count == statuses.count)
        #expect(statuses.sorted() == [64, 65, 66, 69, 70, 73, 74, 75, 77, 78])
    }
}
