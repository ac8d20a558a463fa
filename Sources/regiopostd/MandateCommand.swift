import ArgumentParser
import RegiopostServer

/// Mandates: who has an address from when until when.
struct MandateCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "mandate",
            abstract: Words.say(
                "Mandaten: van wanneer tot wanneer een adres iemand heeft, en wie het daarna overneemt.",
                "Mandates: from when until when an address has a holder, and who takes over."),
            subcommands: [Set.self, End.self, List.self])
    }

    struct Set: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Leg een mandaat vast; de server laat het op de dag zelf ingaan en eindigen.",
                    "Set a mandate; the server lets it begin and end on the day."))
        }

        @Argument(help: Words.help("Adres, zoals gm0503/formateur.", "Address, such as gm0503/formateur."))
        var address: String
        @Option(name: .long, help: Words.help("De eerste dag.", "The first day.")) var from: String?
        @Option(name: .long, help: Words.help("De laatste dag.", "The last day.")) var until: String?
        @Option(
            name: .long,
            help: Words.help(
                "Wie het overneemt; anders het college of het secretariaat.",
                "Who takes over; else the college or the secretariat."))
        var to: String?
        @Option(name: .long, help: Words.help("Wie het mandaat heeft.", "Who has the mandate."))
        var person: String?
        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws {
            let options = ["from": from, "until": until, "to": to, "person": person]
            try await common.ask(.order(DirectoryOrder(.mandateSet, [address], options)), asJSON: form.json)
        }
    }

    struct End: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Beëindig een mandaat, nu of na een dag; alles gaat over op de opvolger.",
                    "End a mandate, now or after a day; everything passes to the successor."))
        }

        @Argument(help: Words.help("Adres.", "Address.")) var address: String
        @Option(name: .long, help: Words.help("De laatste dag; anders nu.", "The last day; else now."))
        var on: String?
        @Option(name: .long, help: Words.help("Wie het overneemt.", "Who takes over.")) var to: String?
        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws {
            let order = DirectoryOrder(.mandateEnd, [address], ["on": on, "to": to])
            try await common.ask(.order(order), asJSON: form.json)
        }
    }

    struct List: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(abstract: Words.say("Toon de mandaten.", "Show the mandates."))
        }

        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws {
            try await common.ask(.order(DirectoryOrder(.mandateList)), asJSON: form.json)
        }
    }
}
