"""A chart of all bars: how far each is from being met, on one scale. It is SVG, drawn here."""
import math
from html import escape

from .report import NAMES, limit, number

LEFT, PLOT, RIGHT, TOP, STEP = 400, 420, 320, 96, 30
TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10]
GOOD, BAD, PLAIN, GRID = "#1a7f37", "#c4320a", "#57606a", "#d8dee4"


def place(share):
    """Where a share of the bar stands: the scale is logarithmic, what is outside it stands at its edge."""
    low, high = math.log(TICKS[0]), math.log(TICKS[-1])
    return LEFT + (min(max(math.log(share), low), high) - low) / (high - low) * PLOT


def shares(bar):
    """Low, middle and high as shares of the bar: 1 is just met, more is better."""
    found = [max(bar["ratio"][key], 1e-9) for key in ("low", "median", "high")]
    if bar["at_most"] is None:
        return [value / bar["at_least"] for value in found]
    return [bar["at_most"] / value for value in reversed(found)]


def figures(result):
    """The medians of all contenders, in words."""
    return ", ".join(f"{NAMES.get(name, name)} {number(kept[result['key']]['median'], result['unit'])}"
                     for name, kept in result["figures"].items())


def text(x, y, words, size=13, anchor="start", colour="#1f2328", weight="normal"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
            f'font-weight="{weight}">{escape(words)}</text>')


def mark(bar, y):
    """One bar: its name, the quartiles as a line, the median as a dot, and the ratio beside what it should be."""
    low, middle, high = (place(share) for share in shares(bar))
    colour = PLAIN if bar["met"] is None else GOOD if bar["met"] else BAD
    return [
        text(LEFT - 16, y + 4, bar["bar"], anchor="end"),
        f'<line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}" stroke="{colour}" stroke-width="5" '
        'stroke-linecap="round" opacity="0.45"/>',
        f'<circle cx="{middle:.1f}" cy="{y}" r="6" fill="{colour}"/>',
        text(LEFT + PLOT + 16, y + 4, f"{bar['ratio']['median']:.2f}", colour=colour, weight="bold"),
        text(LEFT + PLOT + 66, y + 4, f"should be {limit(bar).replace('>=', '≥').replace('<=', '≤')}: {bar['verdict'].split(' (')[0].split(':')[0]}",
             colour=colour),
    ]


def chart(results):
    """The SVG of all results that have bars."""
    lines, y = [], TOP
    for result in results:
        if not result["bars"]:
            continue
        lines.append(text(24, y + 4, f"{result['row']}: {result['title']}", 13, weight="bold"))
        y += 20
        lines.append(text(24, y + 4, figures(result), 12, colour=PLAIN))
        for bar in result["bars"]:
            y += STEP - 6
            lines += mark(bar, y)
        y += STEP + 6
    grid = []
    for tick in TICKS:
        x = place(tick)
        grid.append(f'<line x1="{x:.1f}" y1="{TOP - 14}" x2="{x:.1f}" y2="{y - 20}" stroke="{"#1f2328" if tick == 1 else GRID}" '
                    f'stroke-width="{2 if tick == 1 else 1}"/>')
        grid.append(text(x, TOP - 20, "the bar" if tick == 1 else f"{tick:g}", 12, "middle", PLAIN))
    width = LEFT + PLOT + RIGHT
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" '
            'font-family="DejaVu Sans, Liberation Sans, Helvetica, sans-serif">',
            f'<rect width="{width}" height="{y}" fill="#ffffff"/>',
            text(24, 32, "regiopostd beside Redis, Dovecot, the disk and TLS", 20, weight="bold"),
            text(24, 54, "Right of the line at 1 a bar is met. Dot: the median of the paired rounds; line: its quartiles. "
                         "The scale is logarithmic.", 13, colour=PLAIN)]
    return "\n".join([*head, *grid, *lines, "</svg>"]) + "\n"
