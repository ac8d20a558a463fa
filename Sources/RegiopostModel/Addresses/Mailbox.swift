/// An ordered list of changes, numbered 1, 2, 3 … of its own: one for every address, and one for the directory,
/// which every address reads.
public enum Mailbox: Hashable, Sendable {
    /// What one address may see.
    case address(Address)
    /// Organisations and regions.
    case directory

    /// Reads an address, or the word `directory`; anything else is `nil`.
    public init?(_ text: String) {
        if text == "directory" {
            self = .directory
        } else if let address = Address(text) {
            self = .address(address)
        } else {
            return nil
        }
    }

    /// The mailbox as written.
    public var text: String {
        switch self {
        case .address(let address): address.text
        case .directory: "directory"
        }
    }
}
