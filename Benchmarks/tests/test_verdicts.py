"""What is said about figures: bars that are met and not met, counts within and over their limits."""
import contextlib
import importlib.machinery
import importlib.util
import io
import sys
import unittest
import xml.dom.minidom
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from measure.chart import chart  # noqa: E402
from measure.report import conclude, judge, markdown, spread  # noqa: E402
from measure.rows import Bar, Row  # noqa: E402


def load_gates():
    loader = importlib.machinery.SourceFileLoader("gates", str(HERE / "gates"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("gates", loader))
    loader.exec_module(module)
    return module


gates = load_gates()


class Bars(unittest.TestCase):
    def rounds(self, ours, theirs, key="rate"):
        return [{"regiopost": {key: a}, "redis": {key: b}} for a, b in zip(ours, theirs)]

    def test_ratios_are_paired(self):
        # The machine was ten times slower in the last round, for both: the ratio stays.
        judged = judge(Bar("x", "rate", ["redis"], at_least=2), self.rounds([40, 44, 4], [20, 22, 2]))
        self.assertEqual(judged["ratio"]["median"], 2)
        self.assertTrue(judged["met"])

    def test_too_slow_is_not_met(self):
        self.assertFalse(judge(Bar("x", "rate", ["redis"], at_least=2), self.rounds([39], [20]))["met"])
        self.assertFalse(judge(Bar("x", "p50", ["redis"], at_most=0.7), self.rounds([0.8], [1], "p50"))["met"])

    def test_the_better_of_two(self):
        rounds = [{"regiopost": {"rate": 40}, "redis": {"rate": 10}, "dovecot": {"rate": 20}}]
        self.assertEqual(judge(Bar("x", "rate", ["redis", "dovecot"], at_least=4), rounds)["ratio"]["median"], 2)
        rounds = [{"regiopost": {"p50": 4}, "redis": {"p50": 1}, "dovecot": {"p50": 2}}]
        self.assertEqual(judge(Bar("x", "p50", ["redis", "dovecot"], at_most=4), rounds)["ratio"]["median"], 4)

    def test_what_the_least_server_does_is_said_beside_it(self):
        rounds = [{"regiopost": {"rate": 10}, "redis": {"rate": 20}, "kept": {"rate": 25}}]
        judged = judge(Bar("x", "rate", ["redis"], at_least=1.5), rounds)
        self.assertEqual(judged["verdict"], "NOT met (TLS and a sync alone: 1.25)")

    def test_nobody_to_compare_with(self):
        self.assertIsNone(judge(Bar("x", "p50", ["dovecot"], at_most=1), self.rounds([1], [1], "p50")))

    def test_a_figure_of_ours_will_do(self):
        bar = Bar("x", "p50", ["redis"], at_most=0.5, or_figure=0.028)
        self.assertTrue(judge(bar, self.rounds([0.02], [0.02], "p50"))["met"])
        self.assertFalse(judge(bar, self.rounds([0.03], [0.03], "p50"))["met"])

    def test_a_probe_that_was_slower_gives_no_verdict(self):
        rounds = [{"regiopost": {"rate": 40}, "disk": {"rate": 30}}]
        self.assertIsNone(judge(Bar("x", "rate", ["disk"], at_least=0.55), rounds)["met"])

    def test_quartiles(self):
        self.assertEqual(spread([5, 1, 2, 3, 4]), {"median": 3, "low": 2, "high": 4})

    def test_the_table_says_what_is_not_met(self):
        row = Row("C", "first sync", "seconds", "s", {"regiopost": None, "redis": None},
                  [Bar("C over Redis", "seconds", ["redis"], at_most=1)])
        written = markdown([conclude(row, [{"regiopost": {"seconds": 0.3}, "redis": {"seconds": 0.1}}])])
        self.assertIn("| first sync | 300.0 ms | Redis 100.0 ms | C over Redis: 3.00 (3.00 to 3.00) | ≤ 1.00 | **NOT met** |",
                      written)

    def test_the_chart_is_xml_and_names_the_bar(self):
        row = Row("A1", "submit & wait", "rate", "/s", {"regiopost": None, "redis": None},
                  [Bar("rate < Redis", "rate", ["redis"], at_least=2)])
        drawn = chart([conclude(row, [{"regiopost": {"rate": 1.0}, "redis": {"rate": 2.0}}])])
        words = [node.firstChild.data for node in xml.dom.minidom.parseString(drawn).getElementsByTagName("text")]
        self.assertIn("rate < Redis", words)
        self.assertIn("should be ≥ 2.00: NOT met", words)


class Gates(unittest.TestCase):
    def judge(self, value, kept):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            wrong = gates.judge({"A1": {"allocations": value}}, kept)
        return wrong, out.getvalue()

    def test_within(self):
        self.assertEqual(self.judge(105.0, {"A1": {"allocations": {"measured": 100, "limit": 106}}})[0], 0)

    def test_over_says_by_how_much(self):
        wrong, said = self.judge(212.0, {"A1": {"allocations": {"measured": 100, "limit": 106}}})
        self.assertEqual(wrong, 1)
        self.assertIn("OVER its limit 106 by 100.0%", said)

    def test_nothing_where_nothing_is_allowed(self):
        self.assertEqual(self.judge(0.1, {"A1": {"allocations": {"measured": 0, "limit": 0}}})[0], 1)
        self.assertEqual(self.judge(0.0, {"A1": {"allocations": {"measured": 0, "limit": 0}}})[0], 0)

    def test_a_count_without_a_limit_fails(self):
        self.assertEqual(self.judge(1.0, {})[0], 1)

    def test_kept_limits_hold_what_was_found(self):
        kept = {}
        found = {kind: dict.fromkeys(gates.ROOM, 1234.5678) for kind in gates.counts.WORK}
        gates.keep(found, kept)
        for values in found.values():
            for name in values:
                values[name] *= 1.01
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(gates.judge(found, kept), 0)
        self.assertEqual(kept["A1"]["syncs per batch"]["limit"], 1296)


if __name__ == "__main__":
    unittest.main()
