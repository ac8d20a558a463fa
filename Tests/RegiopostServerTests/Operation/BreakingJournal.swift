import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Synchronization

/// A journal whose disk fails writes while a switch is on.
struct BreakingJournal: ForwardingJournal, SettingStore {
    final class BreakSwitch: Sendable {
        let isOn = Mutex(false)
    }

    let inner: any Journal & SettingStore
    let breaking: BreakSwitch

    var behind: any Journal { inner }
    var epoch: String { inner.epoch }

    func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
        if breaking.isOn.withLock({ $0 }) { throw JournalError(.ioFailed, "The disk is broken.") }
        return try await inner.append(proposals)
    }

    func setting(_ name: String) async throws(JournalError) -> [UInt8]? { try await inner.setting(name) }

    func set(_ name: String, to value: [UInt8]?) async throws(JournalError) { try await inner.set(name, to: value) }

}
