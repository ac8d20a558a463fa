/// A list that only grows, oldest first. Copies share what they have in common, so that one more element costs the same
/// however many there are and whoever else holds the list: a subject that is judged is always held by its judge too.
public struct Trail<Element: Equatable & Sendable>: Equatable, Sendable {
    // What is changeable in it is changed only when nobody else has it.
    private final class Link: @unchecked Sendable {
        let element: Element
        var previous: Link?

        init(_ element: Element, after previous: Link?) {
            self.element = element
            self.previous = previous
        }

        /// Lets go of one link after the other: each letting go of the one before would take a long trail's depth of stack.
        deinit {
            while isKnownUniquelyReferenced(&previous) {
                let older = previous?.previous
                previous?.previous = nil
                previous = older
            }
        }
    }

    private var end: Link?
    /// How many there are.
    public private(set) var count = 0

    /// An empty one.
    public init() {}

    /// Adds one at the end. O(1).
    public mutating func append(_ element: Element) {
        end = Link(element, after: end)
        count += 1
    }

    /// Whether there is none.
    public var isEmpty: Bool { end == nil }

    /// The newest.
    public var last: Element? { end?.element }

    /// The newest of those that a condition holds for. O(elements that are newer).
    public func last(where condition: (Element) throws -> Bool) rethrows -> Element? {
        var link = end
        while let one = link {
            if try condition(one.element) { return one.element }
            link = one.previous
        }
        return nil
    }

    /// Whether it is among them. O(elements that are newer).
    public func contains(_ element: Element) -> Bool { last { $0 == element } != nil }

    /// All of them, oldest first. O(count).
    public var elements: [Element] {
        var found: [Element] = []
        found.reserveCapacity(count)
        _ = last { element in
            found.append(element)
            return false
        }
        found.reverse()
        return found
    }

    /// O(count), less where they share their beginning.
    public static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        var (one, other) = (left.end, right.end)
        while let mine = one, let its = other, mine !== its {
            guard mine.element == its.element else { return false }
            (one, other) = (mine.previous, its.previous)
        }
        return true
    }
}
