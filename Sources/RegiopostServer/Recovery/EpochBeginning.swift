import RegiopostJournal
import RegiopostModel

/// When the present epoch began, as the settings have it: receipts say it, and put the epochs in their order.
package enum EpochBeginning {
    /// A server's first epoch has none.
    private static let setting = "epoch-began"

    /// When it began; 1970 for a server's first.
    package static func of(_ settings: any SettingStore) async throws(JournalError) -> Timestamp {
        guard let bytes = try await settings.setting(setting) else { return Timestamp(milliseconds: 0) }
        guard let began = Timestamp(String(decoding: bytes, as: UTF8.self)) else {
            throw JournalError(.corrupt, "The beginning of the epoch can't be read.")
        }
        return began
    }

    /// Notes that an epoch begins now; answers when the one before it began, and this one.
    package static func move(
        _ settings: any SettingStore, to now: Timestamp
    ) async throws(JournalError) -> (before: Timestamp, begun: Timestamp) {
        let before = try await of(settings)
        // A clock that was set back doesn't make this epoch come before the last one.
        let begun = max(now, before.adding(milliseconds: 1))
        try await settings.set(setting, to: Array(begun.text.utf8))
        return (before, begun)
    }
}
