extension Substring {
    /// What stands before the first of these characters, which must be ASCII, and what stands after it; `nil` where there
    /// is none. Looks at bytes: names are read from every change.
    func cut(at separator: Unicode.Scalar) -> (Substring, Substring)? {
        guard let place = utf8.firstIndex(of: UInt8(ascii: separator)) else { return nil }
        return (self[..<place], self[utf8.index(after: place)...])
    }
}
