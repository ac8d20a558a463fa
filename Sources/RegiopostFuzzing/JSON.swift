import RegiopostJSON

/// A JSON text.
enum JSON {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(input)
        } catch {
            try promise((0...input.count).contains(error.offset), "the error at \(error.offset) is within the text")
            return
        }
        let written = value.encoded()
        let again = try? JSONReader.read(written)
        try promise(again == value, "\(value) is read again as \(String(describing: again))")
        try promise(again?.encoded() == written, "what was written once is written the same again")
    }
}
