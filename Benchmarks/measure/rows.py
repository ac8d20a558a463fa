"""The rows: who does what in a round, and which bars that is held against."""
import json
import tempfile
from pathlib import Path

from . import peers
from .regiopost import SECOND, Regiopost
from .server import call

FIRST_SYNC = 20_000


class Bar:
    """A figure of ours in one round over another's, and where it should be. `others` are taken at their best."""

    def __init__(self, title, key, others, at_least=None, at_most=None, or_figure=None, stretch=False):
        self.title, self.key, self.others = title, key, others
        # `or_figure` is a figure of ours, taken alone, that will do as well.
        self.at_least, self.at_most, self.or_figure, self.stretch = at_least, at_most, or_figure, stretch

    def value(self, round_, whose="regiopost"):
        ours = round_[whose][self.key]
        figures = [round_[other][self.key] for other in self.others if other in round_]
        if not figures:
            return ours if not self.others else None
        return ours / (max(figures) if self.key == "rate" else min(figures))


class Row:
    """One kind of work. `contenders` maps a name to a job that measures one round of it."""

    def __init__(self, name, title, key, unit, contenders, bars, rounds=None):
        self.name, self.title, self.key, self.unit = name, title, key, unit
        self.contenders, self.bars, self.rounds = contenders, bars, rounds


FILLING = {"connections": 16, "window": 100, "count": FIRST_SYNC // 16}


def fill(redis, dovecot):
    """Stores what a first sync reads of the peers."""
    redis.measure("submit", **FILLING)
    if dovecot:
        dovecot.measure("submit", user=100, batch=100, count=FIRST_SYNC // 100)


def submit_rows(servers, scale, folder):
    regiopost, redis, dovecot, limits = (servers.get(name) for name in ("regiopost", "redis", "dovecot", "limit"))

    def disk():
        return json.loads(call(regiopost.load, "limit", "disk", f"file={folder / 'probe'}", "count=1500"))

    def kept(options):
        return limits.measure("submit", **options)

    def contenders(connections, window, count, dovecot_batch, **limit):
        options = {"connections": connections, "window": window, "count": max(200, int(count * scale))}
        jobs = {"regiopost": lambda: regiopost.submit(**options), "redis": lambda: redis.measure("submit", **options)}
        if dovecot:
            # Many messages in one APPEND are what Dovecot is fastest with.
            batches = {"connections": connections, "batch": dovecot_batch,
                       "count": max(5, options["count"] // dovecot_batch // 5)}
            jobs["dovecot"] = lambda: dovecot.measure("submit", **batches)
        return jobs | {name: lambda job=job: job(options) for name, job in limit.items()}

    return [
        Row("A1", "durable submit, 1 client, one at a time", "rate", "/s",
            contenders(1, 1, 1_500, 1, disk=lambda options: disk(), kept=kept), [
                Bar("A1 rate over Redis", "rate", ["redis"], at_least=1.5),
                Bar("A1 rate over fdatasync in a preallocated file", "rate", ["disk"], at_least=0.55),
                Bar("B p50 over Redis", "p50", ["redis"], at_most=0.7),
                Bar("B p99 over Redis", "p99", ["redis"], at_most=0.5)]),
        Row("A100", "durable submit, 1 client, pipelined by 100", "rate", "/s",
            contenders(1, 100, 20_000, 100, kept=kept), [
                Bar("A100 rate over the better of Redis and Dovecot", "rate", ["redis", "dovecot"], at_least=4)]),
        Row("A16x100", "durable submit, 16 clients, pipelined by 100", "rate", "/s",
            contenders(16, 100, 3_000, 100, sink=lambda options: limits.measure("sink", **options)), [
                Bar("A16x100 rate over Redis", "rate", ["redis"], at_least=1.5),
                Bar("A16x100 rate over a TLS sink that only reads", "rate", ["sink"], at_least=0.5)]),
    ]


def reading_rows(servers, scale):
    regiopost, redis, dovecot, limits = (servers.get(name) for name in ("regiopost", "redis", "dovecot", "limit"))
    last = {}

    def first_sync():
        # The server looks through what a client has for letters that are delivered by that, once: what was read before
        # would be read cheaper. So it is new records each time; letters are few, so that nearly all are answers.
        regiopost.catch_up()
        regiopost.measure("submit", set=regiopost.letters(100), letters=100, **FILLING)
        run = regiopost.measure("sync", certificates=regiopost.province, cursor=regiopost.cursor, count=FIRST_SYNC)
        last["bytes"], regiopost.cursor = run["received"], run["cursor"]
        return run

    def stream():
        run = limits.measure("stream", count=last["bytes"])
        return {**run, "rate": FIRST_SYNC / run["seconds"], "cpu_us": run["cpu_us"] / FIRST_SYNC}

    def poll():
        regiopost.catch_up()
        return regiopost.measure("poll", certificates=regiopost.province, cursor=regiopost.cursor, count=polls)

    def poll_redis():
        if "redis" not in last:
            last["redis"] = redis.measure("sync", count=1_000_000_000)["cursor"]
        last["redis"] = redis.measure("sync", count=1_000_000_000, cursor=last["redis"])["cursor"]
        return redis.measure("poll", cursor=last["redis"], count=polls)

    polls = max(500, int(3_000 * scale))
    syncs = {"regiopost": first_sync, "redis": lambda: redis.measure("sync", count=FIRST_SYNC), "stream": stream}
    asks = {"regiopost": poll, "redis": poll_redis}
    if dovecot:
        syncs["dovecot"] = lambda: dovecot.measure("sync", user=100, count=FIRST_SYNC)
        asks["dovecot"] = lambda: dovecot.measure("poll", user=100, count=polls)
    return [
        Row("C", f"first sync of {FIRST_SYNC:,} records", "seconds", "s", syncs, [
            Bar("C time over Redis", "seconds", ["redis"], at_most=1),
            Bar("C rate over a raw TLS stream of as many bytes", "rate", ["stream"], at_least=0.7)]),
        Row("D", "nothing new, open connection", "p50", "s", asks, [
            Bar("D p50 over Dovecot", "p50", ["dovecot"], at_most=1),
            Bar("D p50 over Redis", "p50", ["redis"], at_most=1, stretch=True)]),
    ]


def watching_rows(servers, scale):
    regiopost, redis, dovecot = (servers.get(name) for name in ("regiopost", "redis", "dovecot"))

    def push_one():
        answered = regiopost.letters()
        regiopost.catch_up()
        return regiopost.measure("push", certificates=regiopost.province, author=regiopost.certificates, set=answered,
                                 cursor=regiopost.cursor, count=pushes)

    def push_all():
        # Ten connections of each of a hundred certificates; letters go to all of them.
        regiopost.sets += 1
        return regiopost.measure("push", certificates=regiopost.watchers(), author=regiopost.province, share=10,
                                 connections=1000, record="letter", set=regiopost.sets, count=few,
                                 pause=100, **SECOND)

    def peer(server, **options):
        return lambda: server.measure("push", author=server.certificates, **options)

    def redis_push(**options):
        def job():
            # A stream of its own place in time: what comes after now.
            place = redis.measure("sync", count=1_000_000_000, cursor=redis_push.place)["cursor"]
            redis_push.place = place
            return redis.measure("push", author=redis.certificates, cursor=place, **options)
        return job
    redis_push.place = "0"

    pushes, few = max(100, int(500 * scale)), max(3, int(10 * scale))
    one = {"regiopost": push_one, "redis": redis_push(count=pushes)}
    many = {"regiopost": push_all,
            "redis": redis_push(connections=1000, record="letter", count=few, pause=100, **SECOND)}
    if dovecot:
        one["dovecot"] = peer(dovecot, user=101, count=3, pause=50)
        many["dovecot"] = peer(dovecot, user=102, connections=100, share=100, record="letter", count=1,
                               pause=500, **SECOND)
    return [
        Row("E1", "live push to 1 watcher, durable", "p50", "s", one, [
            Bar("E1 p50 over Redis", "p50", ["redis"], at_most=1 / 1.5)]),
        Row("E1000", "live push to 1,000 watchers, the last one (Dovecot: 100)", "p50", "s", many, [
            Bar("E1000 the last one over Redis (or 28 ms)", "p50", ["redis"], at_most=1 / 1.5, or_figure=0.028)],
            rounds=None if scale == 1 else 2),
    ]


def memory_row(folder, load, program, with_dovecot, rounds):
    """Servers of its own: what an earlier row allocated and gave back would be used again, and not be seen."""
    def fresh(start, **options):
        def job():
            with tempfile.TemporaryDirectory(dir=folder) as place:
                server = start(Path(place))
                try:
                    if isinstance(server, Regiopost):
                        return server.memory_watching(1000, certificates=server.watchers(), share=10)
                    return server.memory_watching(**options)
                finally:
                    server.stop()
        return job

    contenders = {
        "regiopost": fresh(lambda place: Regiopost(place, load, program, clients=0)),
        "redis": fresh(lambda place: peers.start_redis(place, load), connections=1000, cursor="$")}
    if with_dovecot:
        contenders["dovecot"] = fresh(lambda place: peers.start_dovecot(place, load), connections=100, share=100)
    return Row("F", "memory for each idle watching connection (1,000; Dovecot: 100)", "kib", "KiB", contenders, [
        Bar("F KiB of a connection", "kib", [], at_most=32)], rounds=rounds)


def all_rows(servers, scale, folder, load, program):
    return (submit_rows(servers, scale, folder) + reading_rows(servers, scale) + watching_rows(servers, scale)
            + [memory_row(folder, load, program, "dovecot" in servers, 3 if scale == 1 else 1)])
