import ArgumentParser
import Foundation

/// Standard output and standard error, written at once.
enum Terminal {
    /// Shows a result. What can't be shown is a failure: an invitation that nobody saw is lost.
    static func show(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            complain(
                Words.say(
                    "Het resultaat kon niet worden geschreven; de opdracht zelf is wel uitgevoerd.\n",
                    "The result could not be written; the command itself was done.\n"))
            throw ExitCode(74)
        }
    }

    /// Says something to people, if it can.
    static func complain(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
