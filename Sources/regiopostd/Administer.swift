import ArgumentParser
import RegiopostServer

/// Makes an invitation.
struct Invite: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: Words.say(
                "Maak een uitnodiging voor een adres, bijvoorbeeld gm0503/griffie.",
                "Make an invitation for an address, such as gm0503/griffie."))
    }

    @Argument(help: Words.help("Organisatie en rol.", "Organisation and role.")) var address: String
    @OptionGroup var common: CommonOptions
    @OptionGroup var form: JSONOption

    func run() async throws { try await common.ask(.invite(address), asJSON: form.json) }
}

/// Ends access.
struct Revoke: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: Words.say(
                "Trek de certificaten van een adres in, of één certificaat; verbindingen ermee eindigen meteen.",
                "Revoke the certificates of an address, or one of them; connections by them end at once."))
    }

    @Argument(help: Words.help("Een adres of een serienummer.", "An address or a serial number."))
    var what: String
    @OptionGroup var common: CommonOptions
    @OptionGroup var form: JSONOption

    func run() async throws { try await common.ask(.revoke(what), asJSON: form.json) }
}

/// Lists certificates.
struct Certificates: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: Words.say("Toon de uitgegeven certificaten.", "Show the certificates that were given."))
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var form: JSONOption

    func run() async throws { try await common.ask(.certificates, asJSON: form.json) }
}

/// Says how the server is.
struct Status: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: Words.say("Toon hoe het met de server is.", "Show how the server is."))
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var form: JSONOption

    func run() async throws { try await common.ask(.status, asJSON: form.json) }
}

/// Gives the server a new certificate.
struct RenewServer: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "renew-server",
            abstract: Words.say(
                "Geef de server een nieuw certificaat; clients merken er niets van.",
                "Give the server a new certificate; clients don't notice."))
    }

    @Option(
        name: .customLong("host"), parsing: .singleValue,
        help: Words.help(
            "Naam of IP-adres in het certificaat; mag vaker. Zonder: zoals in het oude.",
            "Name or IP address in the certificate; may be repeated. Without: as in the old one."))
    var hosts: [String] = []
    @OptionGroup var common: CommonOptions
    @OptionGroup var form: JSONOption

    func run() async throws { try await common.ask(.renewServer(hosts), asJSON: form.json) }
}

/// Checks what is stored.
struct Verify: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: Words.say(
                "Lees alles wat bewaard is en controleer het.", "Read everything stored and check it."))
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var form: JSONOption

    func run() async throws { try await common.ask(.verify, asJSON: form.json) }
}

/// What has to do with the directory.
struct DirectoryCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "directory",
            abstract: Words.say(
                "Organisaties en regio's: bekijken, of bijwerken uit de bestanden in de gegevensmap.",
                "Organisations and regions: show them, or update them from the files in the data folder."),
            subcommands: [Load.self, Show.self])
    }

    struct Load: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Lees directory/organisations.csv en directory/regions.csv en werk bij wat verschilt.",
                    "Read directory/organisations.csv and directory/regions.csv and update what differs."))
        }

        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws { try await common.ask(.loadDirectory, asJSON: form.json) }
    }

    struct Show: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(abstract: Words.say("Toon de directory.", "Show the directory."))
        }

        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws { try await common.ask(.showDirectory, asJSON: form.json) }
    }
}
