// Where buffers begin that are known to hold something. An empty one may have no address, which would be a defect
// here.

extension UnsafeRawBufferPointer {
    var start: UnsafeRawPointer {
        guard let baseAddress else { preconditionFailure("a buffer without bytes has no beginning") }
        return baseAddress
    }
}

extension UnsafeMutableRawBufferPointer {
    var start: UnsafeMutableRawPointer {
        guard let baseAddress else { preconditionFailure("a buffer without bytes has no beginning") }
        return baseAddress
    }
}

extension UnsafeMutableBufferPointer {
    var start: UnsafeMutablePointer<Element> {
        guard let baseAddress else { preconditionFailure("a buffer without elements has no beginning") }
        return baseAddress
    }
}
