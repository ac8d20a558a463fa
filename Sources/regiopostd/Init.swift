import ArgumentParser
import RegiopostModel
import RegiopostServer

/// Makes a data folder.
struct Init: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: Words.say(
                "Maak een gegevensmap: journaal, eigen CA, servercertificaat en directory.",
                "Make a data folder: journal, own authority, server certificate and directory."))
    }

    @OptionGroup var common: CommonOptions

    @Option(
        name: .long, help: Words.help("De code van de provincie.", "The code of the province."),
        transform: { text in
            guard let code = OrganisationCode(text), code.kind == .province else {
                throw ValidationError(
                    Words.say("\(text) is geen code van een provincie.", "\(text) is no code of a province."))
            }
            return code
        })
    var province: OrganisationCode?

    @Option(
        name: .customLong("host"), parsing: .singleValue,
        help: Words.help(
            "Naam of IP-adres waarop de server bereikbaar is; mag vaker. Zonder: alleen deze machine.",
            "Name or IP address that the server is reached by; may be repeated. Without: this machine alone."))
    var hosts: [String] = []

    @Option(name: .long, help: Words.help("De poort.", "The port."))
    var port = ServerConfiguration.standardPort

    func validate() throws {
        guard (1...65_535).contains(port) else {
            throw ValidationError(
                Words.say("De poort moet tussen 1 en 65535 liggen.", "The port must be from 1 to 65535."))
        }
    }

    func run() async throws {
        guard let province = province ?? OrganisationCode("pv28") else { throw ExitCode.validationFailure }
        let choices = FolderCreation.Choices(province: province, hosts: hosts, port: port)
        let count = try await common.run { () async throws(OperatorError) in
            try await FolderCreation(common.folder, choices, backEnd: .log, clock: SystemClock.now).run()
        }
        let path = common.folder.path
        try Terminal.show(
            Words.say(
                "\(path) is gemaakt; de directory telt \(count) organisaties en regio's.\n"
                    + "Start de server met: regiopostd serve --data \(path)\n",
                "\(path) was made; its directory has \(count) organisations and regions.\n"
                    + "Start the server with: regiopostd serve --data \(path)\n"))
    }
}
