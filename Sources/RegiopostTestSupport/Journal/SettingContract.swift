import RegiopostJournal
import Testing

/// What every back end of the setting store has to do.
public enum SettingContract {
    /// Checks all of it on an empty store.
    public static func check(_ store: any SettingStore) async throws {
        #expect(try await store.setting("name") == nil)
        try await store.set("name", to: nil)
        try await store.set("name", to: [1, 0, 2])
        try await store.set("other", to: [])
        #expect(try await store.setting("name") == [1, 0, 2])
        #expect(try await store.setting("other") == [])
        try await store.set("name", to: [3])
        #expect(try await store.setting("name") == [3])
        try await store.set("name", to: nil)
        #expect(try await store.setting("name") == nil)
        #expect(try await store.setting("other") == [])
    }
}
