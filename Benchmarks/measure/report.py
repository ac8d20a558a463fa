"""What came out: medians with quartiles, verdicts, and a table."""
import statistics

NAMES = {"regiopost": "regiopostd", "redis": "Redis", "dovecot": "Dovecot", "disk": "fdatasync", "sink": "TLS sink",
         "stream": "TLS stream", "kept": "TLS + sync", "small": "with 1,000", "send": "only read"}


def spread(values):
    """The median and the quartiles."""
    ordered = sorted(values)
    return {"median": statistics.median(ordered), "low": ordered[len(ordered) // 4],
            "high": ordered[len(ordered) * 3 // 4]}


def judge(bar, rounds):
    """Holds the median of the rounds' ratios against the bar; None where there is nothing to compare with."""
    values = [value for value in map(bar.value, rounds) if value is not None]
    if not values:
        return None
    ratio = spread(values)
    met = ratio["median"] >= bar.at_least if bar.at_most is None else ratio["median"] <= bar.at_most
    if bar.or_figure is not None:
        met = met or statistics.median(round_["regiopost"][bar.key] for round_ in rounds) <= bar.or_figure
    verdict = "met" if met else "stretch, not met" if bar.stretch else "NOT met"
    if bar.others == ["disk"] and ratio["median"] > 1:
        # Nobody who waits for the disk is faster than the disk: then the probe met another disk than the server did.
        met, verdict = None, "no verdict: the probe did not bound the server"
    least = [bar.value(round_, "kept") for round_ in rounds if "kept" in round_]
    if least:
        verdict += f" (TLS and a sync alone: {statistics.median(least):.2f})"
    return {"bar": bar.title, "at_least": bar.at_least, "at_most": bar.at_most, "ratio": ratio, "met": met,
            "verdict": verdict}


def conclude(row, rounds):
    """The result of a row from its rounds, each a figure of every contender."""
    figures = {}
    for name in row.contenders:
        runs = [round_[name] for round_ in rounds if name in round_]
        figures[name] = {key: spread([run[key] for run in runs]) for key in runs[0] if isinstance(runs[0][key], float)}
    bars = [judged for judged in (judge(bar, rounds) for bar in row.bars) if judged]
    return {"row": row.name, "title": row.title, "key": row.key, "unit": row.unit, "rounds": len(rounds),
            "figures": figures, "bars": bars}


def number(value, unit):
    """A figure with as many digits as it deserves."""
    if unit == "/s":
        return f"{value:,.0f}/s"
    if unit == "s":
        return f"{value * 1e3:.3f} ms" if value < 0.01 else f"{value * 1e3:,.1f} ms"
    return f"{value:,.1f} {unit}".rstrip()


def limit(bar):
    return f">= {bar['at_least']:.2f}" if bar["at_most"] is None else f"<= {bar['at_most']:.2f}"


def print_result(result):
    print(f"{result['row']}: {result['title']}, {result['rounds']} paired rounds")
    for name, figures in result["figures"].items():
        middle = figures[result["key"]]
        line = f"  {NAMES.get(name, name):11}{number(middle['median'], result['unit']):>14}"
        line += f"  ({number(middle['low'], result['unit'])} to {number(middle['high'], result['unit'])})"
        if result["key"] == "rate" and "p50" in figures:
            line += f"  p50 {number(figures['p50']['median'], 's')}  p99 {number(figures['p99']['median'], 's')}"
        if figures.get("cpu_us", {}).get("median", 0) > 0:
            line += f"  CPU {figures['cpu_us']['median']:.1f} us"
        print(line)
    for bar in result["bars"]:
        ratio = bar["ratio"]
        print(f"  {bar['bar']}: {ratio['median']:.2f} ({ratio['low']:.2f} to {ratio['high']:.2f}),"
              f" bar {limit(bar)}: {bar['verdict']}", flush=True)


def print_table(results):
    """All bars under each other."""
    rows = [("bar", "measured (quartiles)", "should be", "")]
    for result in results:
        for bar in result["bars"]:
            ratio = bar["ratio"]
            rows.append((bar["bar"], f"{ratio['median']:.2f} ({ratio['low']:.2f} to {ratio['high']:.2f})", limit(bar),
                         bar["verdict"]))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    print()
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    judged = [bar for result in results for bar in result["bars"] if bar["met"] is not None]
    print(f"\n{sum(bar['met'] for bar in judged)} of {len(judged)} bars met")


def markdown(results):
    """The table of performance.md."""
    lines = ["| row | regiopostd | beside it | ratio (quartiles) | bar | |", "|---|---|---|---|---|---|"]
    for result in results:
        def figure(name):
            return number(result["figures"][name][result["key"]]["median"], result["unit"])

        others = ", ".join(f"{NAMES.get(name, name)} {figure(name)}" for name in result["figures"] if name != "regiopost")
        for index, bar in enumerate(result["bars"]):
            first = [result["title"], figure("regiopost"), others] if index == 0 else ["", "", ""]
            ratio, verdict = bar["ratio"], bar["verdict"]
            lines.append("| " + " | ".join([
                *first, f"{bar['bar']}: {ratio['median']:.2f} ({ratio['low']:.2f} to {ratio['high']:.2f})",
                limit(bar).replace(">=", "≥").replace("<=", "≤"), f"**{verdict}**" if bar["met"] is False else verdict])
                + " |")
    return "\n".join(lines) + "\n"
