import Foundation
import RegiopostFuzzing
import Testing

/// What fuzzing found before, and whatever once broke something, is taken again by the same targets.
struct ReplayTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzzing")

    @Test(arguments: FuzzTarget.all.map(\.name)) func `Everything kept is taken as it should be`(_ name: String)
        throws
    {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let corpus = try Self.files(in: "Corpus/" + name)
        #expect(!corpus.isEmpty, "\(name) has a corpus")
        for file in try corpus + Self.files(in: "Crashes/" + name) {
            let bytes = try Array(Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try target.take(bytes) }
        }
    }

    @Test func `Nothing is kept for a target that isn't there`() throws {
        let names = Set(FuzzTarget.all.map(\.name))
        for kind in ["Corpus", "Crashes"] {
            let kept = try Self.files(in: kind).map(\.lastPathComponent)
            #expect(names.isSuperset(of: kept), "\(kind)")
        }
    }

    private static func files(in name: String) throws -> [URL] {
        let folder = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
        ).sorted { $0.path < $1.path }
    }
}
