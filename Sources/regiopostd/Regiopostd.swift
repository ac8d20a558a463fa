import ArgumentParser
import RegiopostModel

/// The server and its operator's commands.
@main struct Regiopostd: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "regiopostd",
            abstract: Words.say(
                "De Regiopost-server en zijn beheer.", "The Regiopost server and its administration."),
            version: "0.1.0",
            subcommands: [
                Init.self, Serve.self, Invite.self, Revoke.self, Certificates.self, DirectoryCommand.self,
                MandateCommand.self, OrganisationCommand.self, RegionCommand.self, RecoveryCommand.self,
                RenewServer.self,
                Restore.self, Status.self, Verify.self,
            ])
    }
}
