import Foundation
import RegiopostFiles
import RegiopostTestSupport
import Testing

@Suite("Files that are written whole") struct DurableFileTests {
    private let files = TemporaryFolder()

    @Test("has the bytes and the rights that it was given, and nothing is left beside it") func written() throws {
        let path = files.file()
        try DurableFile.write(Array("one".utf8), to: path, mode: 0o644)
        try DurableFile.write(Array("two".utf8), to: path, mode: 0o600)
        #expect(try DurableFile.read(path) == Array("two".utf8))
        let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(rights?.intValue == 0o600)
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }

    @Test("what a crash left beside it doesn't get into it") func leftBehind() throws {
        let path = files.file()
        try Data("something much longer".utf8).write(to: URL(fileURLWithPath: path + ".new"))
        try DurableFile.write(Array("short".utf8), to: path, mode: 0o600)
        #expect(try DurableFile.read(path) == Array("short".utf8))
    }

    @Test("many who write it at once all do, and what is there is one of them, whole") func atOnce() async throws {
        let path = files.file()
        let texts = (0..<8).map { Array(String(repeating: String($0), count: 1_000 * ($0 + 1)).utf8) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for text in texts {
                group.addTask {
                    for _ in 0..<40 {
                        try DurableFile.write(text, to: path, mode: 0o600)
                        #expect(texts.contains(try DurableFile.read(path)))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
    }
}
