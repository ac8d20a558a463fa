import RegiopostWire
import Testing

@Suite("What a trace shows of a line") struct TraceTextTests {
    private func text(_ line: String) -> String { TraceText.text(of: Array(line.utf8)[...]) }

    @Test("a line as it is") func plain() {
        #expect(text("3 PULL mailbox=own cursor=0") == "3 PULL mailbox=own cursor=0")
        #expect(text("1 PUSH {\"v\":1,\"secret\":\"niet geheim=x secret=y\"}").hasSuffix("secret=y\"}"))
    }

    @Test("no secret, wherever it stands") func secrets() {
        let line = "1 ENROL address=gm0503/griffie secret=AAECAwQFBgcICQoLDA0ODw request=MIIB"
        #expect(text(line) == "1 ENROL address=gm0503/griffie secret=… request=MIIB")
        #expect(text("secret=AAEC") == "secret=…")
    }

    @Test("a secret that the cut falls into isn't shown either") func cut() {
        let line = "1 ENROL note=" + String(repeating: "x", count: TraceText.longest - 22) + " secret=AAECAwQF"
        let shown = text(line)
        #expect(!shown.contains("AAE"))
        #expect(shown.hasSuffix("… (\(line.utf8.count) bytes)"))
    }

    @Test("nothing that a terminal would obey") func controls() {
        #expect(text("* BYE bad :\u{1B}[2J\u{9B}x") == "* BYE bad :\u{FFFD}[2J\u{FFFD}x")
        #expect(TraceText.text(of: [0xFF, 0x41]) == "\u{FFFD}A")
    }
}
