"""Sync, watch and fetch."""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from pathlib import Path

from .errors import UsageError
from .exchange import Exchange, News, Report
from .messages import MAILBOXES
from .profile import Profile
from .store import Store


def sync(profile: Profile, store: Store, news: News | None = None) -> Report:
    """Sends the queue and reads what is new. Raises :class:`Disconnected`; what was done until then is kept."""
    report = Report()
    with profile.alone(), profile.connect() as connection:
        exchange = Exchange(store, connection, report, news, profile.files)
        exchange.push()
        for mailbox in ("directory", "own"):
            exchange.pull(mailbox)
        connection.quit()
    return report


def fetch(profile: Profile, store: Store, sha256: str) -> Path:
    """Brings a file that a change cites, unless it is here; returns where it is. Cut off, the same call goes on where
    it stopped. Raises :class:`Refused` and :class:`Disconnected`."""
    path = profile.files.path(sha256)
    if path.exists():
        return path
    with profile.alone(), profile.connect() as connection:
        if connection.greeting.chunk is None:
            raise UsageError("no-files")
        path = Exchange(store, connection, Report(), None, profile.files).fetch(sha256)
        connection.quit()
    return path


def watch(
    profile: Profile,
    store: Store,
    news: News | None = None,
    *,
    until: Callable[[], bool] = lambda: False,
    ready: Callable[[], None] | None = None,
) -> Report:
    """Stays connected: what comes in is kept and told at once, and what is queued meanwhile goes out within a second.
    Ends within a second after ``until`` says so, and raises :class:`Disconnected` where the connection ends. ``ready``
    is called once everything that was there has come."""
    report = Report()
    with profile.alone(), profile.connect() as connection:
        exchange = Exchange(store, connection, report, news, profile.files)
        exchange.push()
        for mailbox in ("directory", "own"):
            exchange.watch(mailbox)
        if ready is not None:
            ready()
        told = {mailbox: store.cursor(mailbox) for mailbox in MAILBOXES}
        for mailbox in MAILBOXES:
            exchange.wait(connection.ask("STORED", mailbox=mailbox, cursor=told[mailbox]))
        quiet_since = clock.monotonic()
        while not until():
            exchange.step(1.0)
            exchange.push()
            for mailbox in MAILBOXES:
                if told[mailbox] != store.cursor(mailbox):
                    told[mailbox] = store.cursor(mailbox)
                    exchange.wait(connection.ask("STORED", mailbox=mailbox, cursor=told[mailbox]))
                    quiet_since = clock.monotonic()
            if clock.monotonic() - quiet_since > connection.greeting.idle / 3:
                exchange.wait(connection.ask("PING"))
                quiet_since = clock.monotonic()
        connection.quit()
    return report
