/// Somebody who signed a letter, and as what.
public struct Signatory: Hashable, Sendable {
    /// The function: secretaris, voorzitter.
    public let function: String
    /// The name as it stands under the letter.
    public let name: String

    /// Makes a signatory.
    public init(function: String, name: String) {
        self.function = function
        self.name = name
    }
}
