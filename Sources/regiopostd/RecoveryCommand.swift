import ArgumentParser
import RegiopostModel
import RegiopostServer

/// Restores a backup.
struct Restore: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: Words.say(
                "Zet een reservekopie terug; de server neemt daarna van cliënten terug wat zij mist.",
                "Restore a backup; the server then takes back from clients what it lacks."))
    }

    @Argument(
        help: Words.help("De kopie van een gegevensmap.", "The copy of a data folder."), completion: .directory)
    var from: String
    @Option(
        name: .long,
        help: Words.help(
            "De apart bewaarde sleutel voor ontvangstbewijzen; anders die in de kopie.",
            "The key for receipts that was kept apart; else the one in the copy."), completion: .file())
    var receiptKey: String?
    @Flag(
        name: .long,
        help: Words.help(
            "De sleutel is verloren: neem niets terug.", "The key is lost: take nothing back."))
    var withoutReceipts = false
    @OptionGroup var common: CommonOptions
    @OptionGroup var form: JSONOption

    func validate() throws {
        guard receiptKey == nil || !withoutReceipts else {
            throw ValidationError(
                Words.say(
                    "Kies --receipt-key of --without-receipts, niet beide.",
                    "Choose --receipt-key or --without-receipts, not both."))
        }
    }

    func run() async throws {
        let key: FolderRestoration.Key =
            if withoutReceipts { .lost } else if let receiptKey { .file(receiptKey) } else { .inCopy }
        let item = try await common.run { () async throws(OperatorError) in
            try await FolderRestoration(
                DataFolder(path: from), to: common.folder, key: key, backEnd: .log, clock: SystemClock.now
            ).run()
        }
        try Terminal.show(Presentation(restored: item, Words.language, asJSON: form.json).output)
    }
}

/// What a restored server takes back.
struct RecoveryCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "recovery",
            abstract: Words.say(
                "Het herstel na het terugzetten van een reservekopie: volgen en afsluiten.",
                "The recovery after a backup was restored: follow and end it."),
            subcommands: [Status.self, End.self])
    }

    struct Status: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Toon wat cliënten hebben teruggegeven, wie, en wat er nog ontbreekt.",
                    "Show what clients have given back, who, and what is still missing."))
        }

        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws { try await common.ask(.recoveryStatus, asJSON: form.json) }
    }

    struct End: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Neem op wat teruggegeven is, in de oude volgorde, en ga verder; wat daarna komt is te laat.",
                    "Take in what was given back, in the old order, and go on; what comes later is too late."))
        }

        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws { try await common.ask(.recoveryEnd, asJSON: form.json) }
    }
}
