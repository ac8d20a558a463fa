import ArgumentParser
import Foundation
import RegiopostClient
import RegiopostJSON
import RegiopostModel
import RegiopostWire

struct EnrollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enroll", abstract: Help.enroll.here)

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.invitation.here)) var invitation: String
    @OptionGroup var tracing: TraceOption

    func run() async throws {
        let output = Output(language: options.language ?? .here, isJSON: options.json)
        try await output.reporting {
            let text = invitation == "-" ? readLine() ?? "" : invitation
            guard let parsed = InvitationText(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw ClientError(.badInvitation)
            }
            let profile = try await Enrolment.enrol(parsed, into: options.folder, trace: tracing.trace)
            output.say(
                Texts.enrolled, ["address": profile.address.text, "server": profile.endpoint.text])
            output.emit(
                .object([
                    "address": .string(profile.address.text), "host": .string(profile.endpoint.host),
                    "port": .number(profile.endpoint.port), "folder": .string(profile.folder),
                ]))
        }
    }
}
