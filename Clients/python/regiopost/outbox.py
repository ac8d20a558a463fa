"""What a person decides about the outbox: write again, give up (8.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .changes import Change
from .errors import UsageError
from .store import Queued, Store
from .values import new_id


def depends(change: Change, others: set[str]) -> bool:
    """Whether a change waits for one of the others, in the same outbox (8.3)."""
    starts = change.subject.partition("/")[2].partition("/")[0]
    cited = {change.after, change.taken_from, starts, *change.needs, *_strings(change.body)} - {change.id}
    return not others.isdisjoint(cited)


def _strings(value: Any) -> Iterator[str]:
    """All texts in a body: the ids of what it speaks of are among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, list):
        for element in value:
            yield from _strings(element)


def _replaced(value: Any, new: Mapping[str, str]) -> Any:
    """The same with other ids and digests in it."""
    if isinstance(value, str):
        return new.get(value, value)
    if isinstance(value, Mapping):
        return {name: _replaced(member, new) for name, member in value.items()}
    return [_replaced(element, new) for element in value] if isinstance(value, list) else value


def redo(store: Store, item: Queued) -> list[Change]:
    """Writes a refused change again, as a new change on what is there now, and with it all that waited for it. Where
    one of these names another, by its id or its digest, it names the new one."""
    if item.state != "refused":
        raise UsageError("only-refused")
    view = store.view(outbox=False)
    renamed: dict[str, str] = {}
    digests: dict[str, str] = {}
    rewritten: list[Change] = []
    for other in store.outbox():
        change = other.change
        if other.state == "taken" or not (change.id == item.change.id or depends(change, set(renamed))):
            if other.state != "refused":
                view.add(change, other.received)
            continue
        renamed[change.id] = new_id()
        kind, _, name = change.subject.partition("/")
        head, slash, rest = name.partition("/")
        subject = f"{kind}/{renamed.get(head, head)}{slash}{rest}"
        again = Change.make(
            change.type,
            subject,
            change.author,
            _replaced(change.body, renamed | digests),
            id=renamed[change.id],
            after=view.last.get(subject) if change.is_exact else None,
            needs=[renamed.get(need, need) for need in change.needs],
            taken_from=renamed.get(change.taken_from, change.taken_from) if change.taken_from else None,
        )
        digests[change.digest] = again.digest
        view.add(again, None)
        rewritten.append(again)
    store.replace(list(renamed), rewritten)
    return rewritten


def drop(store: Store, item: Queued) -> list[str]:
    """Gives up a change that was refused or never sent, and all that waited for it; returns their ids."""
    gone = {item.change.id}
    for other in store.outbox():
        if other.state != "taken" and depends(other.change, gone):
            gone.add(other.change.id)
    ordered = [other.change.id for other in store.outbox() if other.change.id in gone]
    store.replace(ordered, [])
    return ordered
