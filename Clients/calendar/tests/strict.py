"""A strict reader of iCalendar, of no more than a feed needs: what isn't right by RFC 5545 raises."""

import re
from datetime import datetime, timedelta

NAME = r"[A-Z][A-Z0-9-]*"
PARAMETER = rf';{NAME}=(?:"[^"\x00-\x1f\x7f]*"|[^";:,\x00-\x1f\x7f]+)'
LINE = re.compile(rf'({NAME})((?:{PARAMETER})*):([^\x00-\x08\x0a-\x1f\x7f]*)')
TEXT = re.compile(r"(?:\\[\\;,nN]|[^\\;,])*")

# For each component: property → (required, may repeat).
ONSET = {
    "DTSTART": (1, 0), "TZOFFSETFROM": (1, 0), "TZOFFSETTO": (1, 0), "RRULE": (0, 0), "TZNAME": (0, 1),
}
CARDINALITIES = {
    "VCALENDAR": {
        "VERSION": (1, 0), "PRODID": (1, 0), "CALSCALE": (0, 0), "METHOD": (0, 0), "NAME": (0, 1),
        "X-WR-CALNAME": (0, 0), "REFRESH-INTERVAL": (0, 0),
    },
    "VTIMEZONE": {"TZID": (1, 0)},
    "STANDARD": ONSET,
    "DAYLIGHT": ONSET,
    # RFC 5546, 3.2.1, asks for ORGANIZER.
    "VEVENT": {
        "UID": (1, 0), "DTSTAMP": (1, 0), "DTSTART": (1, 0), "DTEND": (0, 0), "SUMMARY": (0, 0), "LOCATION": (0, 0),
        "DESCRIPTION": (0, 0), "SEQUENCE": (0, 0), "STATUS": (0, 0), "TRANSP": (0, 0), "CLASS": (0, 0),
        "ORGANIZER": (1, 0),
    },
}
WITHIN = {"VTIMEZONE": "VCALENDAR", "VEVENT": "VCALENDAR", "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE"}
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME", "TZNAME"}


class Component:
    """A component: its properties, each with parameters and value, and the components within it."""

    def __init__(self, name):
        self.name, self.properties, self.parts = name, {}, []

    def __getitem__(self, name):
        return self.properties[name][0][1]

    def parameters(self, name):
        return self.properties[name][0][0]

    def all(self, name):
        return [part for part in self.parts if part.name == name]


def lines(data):
    """The content lines, unfolded."""
    assert data.endswith(b"\r\n"), "the last line has no end"
    logical = []
    for line in data[:-2].split(b"\r\n"):
        assert b"\r" not in line and b"\n" not in line, line
        assert 0 < len(line) <= 75, line
        found = line.decode("utf-8")
        if found[0] == " ":
            logical[-1] += found[1:]
        else:
            logical.append(found)
    return logical


def unescaped(value):
    assert TEXT.fullmatch(value), value
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def parse(data):
    """Reads a whole calendar."""
    stack, done = [], None
    for line in lines(data):
        assert done is None, "something after the calendar"
        found = LINE.fullmatch(line)
        assert found, line
        name, parameters, value = found.groups()
        if name == "BEGIN":
            assert value in CARDINALITIES and WITHIN.get(value) == (stack[-1].name if stack else None), line
            component = Component(value)
            if stack:
                stack[-1].parts.append(component)
            stack.append(component)
        elif name == "END":
            component = stack.pop()
            assert component.name == value, line
            check(component)
            done = None if stack else component
        else:
            component = stack[-1]
            assert not component.parts, "a property after a component"
            assert name in CARDINALITIES[component.name], line
            values = dict(re.findall(rf';({NAME})=("[^"]*"|[^;:]*)', parameters))
            component.properties.setdefault(name, []).append((values, unescaped(value) if name in TEXTS else value))
    assert done is not None, "an open component"
    zones = {zone["TZID"] for zone in done.all("VTIMEZONE")}
    for event in done.all("VEVENT"):
        for name in ("DTSTART", "DTEND"):
            assert event.parameters(name) == {"TZID": "Europe/Amsterdam"}
            assert event.parameters(name)["TZID"] in zones
    return done


def check(component):
    for name, (required, repeats) in CARDINALITIES[component.name].items():
        count = len(component.properties.get(name, []))
        assert count >= required and (repeats or count <= 1), (component.name, name, count)
    if component.name == "VCALENDAR":
        assert component["VERSION"] == "2.0" and component.parts
    if component.name == "VEVENT":
        assert re.fullmatch(r"\d{8}T\d{6}Z", component["DTSTAMP"])
        datetime.strptime(component["DTSTAMP"], "%Y%m%dT%H%M%SZ")
        assert local(component["DTSTART"]) < local(component["DTEND"])
        assert re.fullmatch(r"0|[1-9]\d*", component["SEQUENCE"])
        assert component["STATUS"] in ("TENTATIVE", "CONFIRMED", "CANCELLED")
        assert component["TRANSP"] in ("OPAQUE", "TRANSPARENT")
        assert re.fullmatch(r"[a-z]+:\S+", component["ORGANIZER"])


def local(value):
    assert re.fullmatch(r"\d{8}T\d{6}", value), value
    return datetime.strptime(value, "%Y%m%dT%H%M%S")


def offset(value):
    found = re.fullmatch(r"([+-])(\d\d)(\d\d)", value)
    return timedelta(hours=int(found[2]), minutes=int(found[3])) * (1 if found[1] == "+" else -1)


def onset(rule, year):
    """When a part of a zone begins in a year, by its own local time before."""
    found = re.fullmatch(r"FREQ=YEARLY;BYMONTH=(\d+);BYDAY=-1SU", rule["RRULE"])
    begins = local(rule["DTSTART"])
    assert year >= begins.year
    day = datetime(year, int(found[1]) + 1, 1) - timedelta(days=1)
    while day.weekday() != 6:
        day -= timedelta(days=1)
    return day.replace(hour=begins.hour, minute=begins.minute)


def utc(zone, moment):
    """A local time as UTC, by what the feed says of its zone; the first one where the clock shows it twice."""
    rules = zone.all("DAYLIGHT") + zone.all("STANDARD")
    onsets = sorted(
        (onset(rule, year) - offset(rule["TZOFFSETFROM"]), offset(rule["TZOFFSETTO"]))
        for rule in rules for year in (moment.year - 1, moment.year))
    ends = [start for start, _ in onsets[1:]] + [datetime.max]
    fits = [moment - shift for (start, shift), end in zip(onsets, ends) if start <= moment - shift < end]
    assert fits, f"{moment} doesn't exist"
    return min(fits)
