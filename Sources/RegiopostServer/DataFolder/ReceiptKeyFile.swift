import Glibc
import RegiopostCrypto
import RegiopostModel

/// The file of the key that receipts are made with: 64 hexadecimal digits and a line end, for its owner alone.
///
/// It lies beside the journal and not in it. Whoever has it can make receipts for changes that never were, and a restored
/// server would take them in; so it is backed up apart, and never lost, or nothing can be given back.
enum ReceiptKeyFile {
    /// Makes a new key where there is no file.
    static func make(_ path: String) throws(OperatorError) -> [UInt8] {
        let key = SystemRandom.bytes(ReceiptSeal.keyLength)
        try write(key, to: path)
        return key
    }

    /// Keeps a key in a file.
    static func write(_ key: [UInt8], to path: String) throws(OperatorError) {
        try FolderFile.write(Array((key.hexadecimal + "\n").utf8), to: path, mode: 0o600)
    }

    /// The key in the file, made where there is none: in a folder from before there were receipts.
    static func readOrMake(_ path: String) throws(OperatorError) -> [UInt8] {
        guard access(path, F_OK) == 0 else {
            let number = errno
            guard number == ENOENT else { throw .system(number, OperatorError.cannotRead, path) }
            return try make(path)
        }
        return try read(path)
    }

    /// The key in a file that has to be there.
    static func read(_ path: String) throws(OperatorError) -> [UInt8] {
        try OpenFolder.checkIsPrivate(path)
        let text = String(decoding: try FolderFile.read(path), as: UTF8.self)
        guard text.utf8.count == 2 * ReceiptSeal.keyLength + 1, text.hasSuffix("\n"),
            let key = Digest(String(text.dropLast()))
        else { throw OperatorError(.configuration, broken, ["path": path]) }
        return key.bytes
    }

    private static let broken = Phrase(
        dutch:
            "{path} is geen sleutel voor ontvangstbewijzen. Zet het bestand terug uit de reservekopie; zonder deze sleutel "
            + "kan een herstelde server niets van zijn cliënten terugnemen.",
        english:
            "{path} is no key for receipts. Put the file back from the backup; without this key a restored server "
            + "can take nothing back from its clients.")
}
