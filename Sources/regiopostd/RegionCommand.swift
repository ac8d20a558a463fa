import ArgumentParser
import RegiopostServer

/// Regions and who looks after them.
struct RegionCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "region",
            abstract: Words.say(
                "Regio's: vastleggen, of overdragen aan een andere accounthouder.",
                "Regions: set, or hand over to another account holder."),
            subcommands: [Set.self, Handover.self])
    }

    struct Contact: ParsableArguments {
        @Option(name: .long, help: Words.help("Naam van de accounthouder.", "The account holder's name."))
        var name: String?
        @Option(name: .long, help: Words.help("Mailadres.", "Mail address.")) var mail: String?
        @Option(name: .long, help: Words.help("Telefoonnummer.", "Telephone number.")) var phone: String?
    }

    struct Set: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Leg een regio vast; wat niet genoemd wordt, blijft.",
                    "Set a region; what isn't named stays."))
        }

        @Argument(help: Words.help("Naam, zoals haagse-regio.", "Name, such as haagse-regio."))
        var region: String
        @Option(name: .long, help: Words.help("Wat mensen zeggen.", "What people say.")) var title: String?
        @OptionGroup var contact: Contact
        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws {
            let options = [
                "title": title, "name": contact.name, "mail": contact.mail, "phone": contact.phone,
            ]
            try await common.ask(.order(DirectoryOrder(.regionSet, [region], options)), asJSON: form.json)
        }
    }

    struct Handover: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: Words.say(
                    "Draag een regio over aan een andere accounthouder; adres en postbus blijven.",
                    "Hand a region over to another account holder; address and mailbox stay."))
        }

        @Argument(help: Words.help("Naam, zoals haagse-regio.", "Name, such as haagse-regio."))
        var region: String
        @OptionGroup var contact: Contact
        @Option(name: .long, help: Words.help("De eerste dag; anders vandaag.", "The first day; else today."))
        var from: String?
        @Flag(
            name: .long,
            help: Words.help(
                "Trek de certificaten van de vorige meteen in.", "Revoke the certificates of the former at once."))
        var revoke = false
        @OptionGroup var common: CommonOptions
        @OptionGroup var form: JSONOption

        func run() async throws {
            let options = [
                "name": contact.name, "mail": contact.mail, "phone": contact.phone, "from": from,
                "revoke": revoke ? "yes" : nil,
            ]
            try await common.ask(.order(DirectoryOrder(.regionHandover, [region], options)), asJSON: form.json)
        }
    }
}
