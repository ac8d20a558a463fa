import ArgumentParser
import Foundation
import Glibc
import RegiopostClient
import RegiopostModel

/// A line session to type into, with the profile's certificate: what `openssl s_client` would be, without its options.
struct ProtocolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "protocol", abstract: Help.protocolSession.here)

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let output = Output(language: options.language ?? .here, isJSON: options.json)
        try await output.reporting {
            let profile = try Profile(folder: options.folder)
            let screen = Screen(isTerminal: isatty(StandardStream.output.rawValue) == 1)
            let conversation = try await profile.converse { screen.show($0) }
            if isatty(STDIN_FILENO) == 1 {
                output.warn(output.text(Texts.typeLines, ["server": profile.endpoint.text]))
            }
            // Its own thread, since reading what is typed blocks.
            Thread.detachNewThread { Self.passOn(to: conversation) }
            try await conversation.waitForEnd()
        }
    }

    /// Sends what is typed until there is no more, then waits for what the server still has to say, but not for ever.
    private static func passOn(to conversation: RawConversation) {
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            let bytes = Array(buffer.prefix(count))
            let sent = DispatchSemaphore(value: 0)
            Task {
                try? await conversation.send(bytes)
                sent.signal()
            }
            sent.wait()
        }
        Task {
            await conversation.finish()
            try? await Task.sleep(for: .seconds(TLSServerConnection.patience))
            await conversation.close()
        }
    }
}

/// Shows the server's bytes: as they are to a file or pipe, without what a terminal would obey on a screen. Used by one
/// event loop only.
private final class Screen: Sendable {
    private let isTerminal: Bool

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    func show(_ bytes: [UInt8]) {
        guard isTerminal else { return StandardStream.output.write(bytes[...]) }
        var shown = bytes
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0x80
            // A control of Latin-1 is C2 and a second byte.
            let isControl = byte < 0x20 || byte == 0x7F || (byte == 0xC2 && (0x80...0x9F).contains(next))
            if isControl, byte != 0x0A { shown[index] = UInt8(ascii: "?") }
        }
        StandardStream.output.write(shown[...])
    }
}
