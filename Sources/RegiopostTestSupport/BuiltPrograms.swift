import Foundation

/// The server's and the client's program, as tests start them.
public enum BuiltPrograms {
    /// Where a program is: beside the tests it was built with, or in the folder that REGIOPOST_PROGRAMS names, so that
    /// tests can press optimised programs, which they themselves aren't.
    public static func path(of program: String) -> String { folder.appendingPathComponent(program).path }

    private static let folder =
        ProcessInfo.processInfo.environment["REGIOPOST_PROGRAMS"].map { URL(filePath: $0) } ?? Bundle.main.bundleURL
}
