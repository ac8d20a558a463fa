import ArgumentParser
import RegiopostServer

/// Organisations as dated data, and mergers.
struct OrganisationCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "organisation",
            abstract: Words.say(
                "Organisaties: vastleggen, samenvoegen, tonen.", "Organisations: set, merge, show."),
            subcommands: [Set.self, Merge.self, List.self])
    }

    struct Set: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Leg een organisatie vast; wat niet genoemd wordt, blijft.",
                    "Set an organisation; what isn't named stays."))
        }

        @Argument(help: Words.help("Code, zoals gm0503.", "Code, such as gm0503.")) var code: String
        @Option(name: .long, help: Words.help("Officiële naam.", "Official name.")) var name: String?
        @Option(name: .long, help: Words.help("Gewone naam.", "What people say.")) var shortName: String?
        @Option(
            name: .customLong("region"), parsing: .singleValue,
            help: Words.help(
                "Indeling, zoals zorg=haaglanden of zorg=haaglanden:2026-01-01..2026-12-31; mag vaker.",
                "Membership, such as zorg=haaglanden or zorg=haaglanden:2026-01-01..2026-12-31; may be repeated."))
        var regions: [String] = []
        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws {
            let order = DirectoryOrder(
                .organisationSet, [code], ["name": name, "short-name": shortName], memberships: regions)
            try await common.ask(.order(order), asJSON: form.json)
        }
    }

    struct Merge: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Voeg gemeenten samen; de nieuwe krijgt de postbussen en de rechten van de oude.",
                    "Merge municipalities; the new one gets the mailboxes and the rights of the old ones."))
        }

        @Argument(help: Words.help("De gemeenten die ophouden.", "The municipalities that end."))
        var codes: [String]
        @Option(name: .long, help: Words.help("De nieuwe gemeente.", "The new municipality.")) var into: String
        @Option(name: .long, help: Words.help("Haar eerste dag.", "Its first day.")) var from: String
        @Option(name: .long, help: Words.help("Haar naam, als zij nieuw is.", "Its name, where it is new."))
        var name: String?
        @Option(name: .long, help: Words.help("Haar gewone naam.", "What people say.")) var shortName: String?
        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws {
            let options = ["into": into, "from": from, "name": name, "short-name": shortName]
            try await common.ask(.order(DirectoryOrder(.organisationMerge, codes, options)), asJSON: form.json)
        }
    }

    struct List: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "list",
                abstract: Words.say("Toon organisaties, ook opgeheven.", "Show organisations, abolished ones too."),
                aliases: ["show"])
        }

        @Argument(help: Words.help("Codes of namen; zonder: alle.", "Codes or names; without: all."))
        var codes: [String] = []
        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws {
            try await common.ask(.order(DirectoryOrder(.organisationList, codes)), asJSON: form.json)
        }
    }
}
