import ArgumentParser
import Glibc
import RegiopostModel

/// The client: letters, answers and meetings between a province and its municipalities, offline as well.
@main struct Regiopost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regiopost", abstract: Help.regiopost.here, version: "0.1.0",
        // One a line, in the order that help shows.
        subcommands: [
            EnrollCommand.self,
            StatusCommand.self,
            SyncCommand.self,
            LettersCommand.self,
            LetterCommand.self,
            DraftCommand.self,
            RespondCommand.self,
            ResponsesCommand.self,
            ResponseCommand.self,
            JointCommand.self,
            AttachmentCommand.self,
            MeetingsCommand.self,
            MeetingCommand.self,
            BriefingCommand.self,
            AgreementCommand.self, ProgrammeCommand.self, QueueCommand.self,
            SearchCommand.self,
            OpenCommand.self,
            OverdueCommand.self,
            MineCommand.self,
            DueCommand.self,
            RemindCommand.self,
            DirectoryCommand.self,
            ProtocolCommand.self,
        ])

    static func main() async {
        // A reader of our output that goes away is no reason to die in the middle of a write.
        signal(SIGPIPE, SIG_IGN)
        // Whatever is written here is somebody's post.
        umask(0o077)
        await main(nil)
    }
}
