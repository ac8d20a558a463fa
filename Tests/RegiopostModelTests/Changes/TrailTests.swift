import RegiopostModel
import Testing

@Suite("A list that only grows") struct TrailTests {
    @Test("is read oldest first, and searched newest first") func reading() {
        var trail = Trail<Int>()
        #expect(trail.isEmpty && trail.last == nil && trail.elements.isEmpty)
        for number in 1...5 { trail.append(number) }
        #expect(trail.elements == [1, 2, 3, 4, 5] && trail.count == 5 && trail.last == 5)
        #expect(trail.last { $0 < 4 } == 3 && trail.last { $0 > 5 } == nil)
        #expect(trail.contains(1) && !trail.contains(6))
    }

    @Test("a copy goes its own way from where it was made") func copies() {
        var one = Trail<Int>()
        for number in 1...3 { one.append(number) }
        var other = one
        one.append(4)
        other.append(5)
        #expect(one.elements == [1, 2, 3, 4] && other.elements == [1, 2, 3, 5])
        #expect(one != other)
        other = one
        #expect(one == other)
    }

    @Test("equal lists are equal however they were made") func equality() {
        var (one, other) = (Trail<String>(), Trail<String>())
        for text in ["a", "b", "c"] {
            one.append(text)
            other.append(text)
        }
        #expect(one == other)
        other.append("d")
        #expect(one != other && other != one)
    }

    @Test("a very long one is given back without a deep stack, also where a part of it is held") func length() {
        var trail = Trail<Int>()
        for number in 0..<200_000 { trail.append(number) }
        let half = trail
        for number in 200_000..<400_000 { trail.append(number) }
        trail = Trail()
        #expect(half.count == 200_000 && half.last == 199_999 && half.contains(0))
    }
}
