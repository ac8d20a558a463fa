"""What people do: answer letters, ask for meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .changes import Change
from .errors import Forbidden, UsageError
from .letters import Letter
from .privacy import number_in
from .profile import Profile
from .rights import judge, successor_of
from .store import Store
from .values import id_for_key
from .view import View


def queue(store: Store, view: View, change: Change) -> Change:
    """Judges a change by what is here (``view``), and puts it into the outbox. Raises :class:`Forbidden` for one that
    no server would take from this address, and :class:`UsageError` where a newer program wrote on its subject."""
    if store.has(change.id):
        # Asked again with the same key: what was written then decides, whatever may be written now.
        return store.put(change)
    if change.is_exact and change.subject in view.frozen:
        raise UsageError("newer-program", subject=change.subject)
    code = judge(change, view)
    if code is not None:
        raise Forbidden(code)
    found = number_in(change)
    if found is not None:
        raise Forbidden("bsn-found", field=found[0], line=str(found[1]))
    return store.put(change)


def respond(
    profile: Profile,
    store: Store,
    letter: str,
    text: str,
    *,
    reference: str | None = None,
    answers: Sequence[Mapping[str, Any]] = (),
    themes: Sequence[str] = (),
    support: Sequence[str] = (),
    files: Sequence[Path] = (),
    organisation: str | None = None,
    key: str | None = None,
) -> Change:
    """Queues an answer to a letter, or a newer version of one. ``letter`` is a dossier, a document or an id; ``files``
    are copied into the profile at once; ``organisation`` is the one to answer for, where it isn't one's own but one
    that became part of it. With a ``key``, asking again for the same writes once. Raises :class:`UsageError`,
    :class:`Forbidden` and :class:`ChangeError`."""
    view = store.view()
    found = view.find_letter(letter)
    organisation = organisation or _answering(profile.organisation, found, view)
    roles = found.roles(organisation)
    if not roles:
        raise Forbidden("not-addressed")
    if found.withdrawn is not None:
        raise UsageError("withdrawn-because", reason=found.withdrawn)
    _check_answers(found, answers)
    subject = f"response/{found.id}/{organisation}"
    body = {
        "sender": found.sender,
        "region": found.content["region"],
        "roles": roles,
        "dossier": found.content["dossier"],
        "reference": reference,
        "text": text,
        "answers": list(answers),
        "themes": list(themes),
        "support": list(support),
        "files": [profile.files.keep(path) for path in files],
    }
    id = id_for_key(profile.address, key) if key is not None else None
    after = view.last.get(subject)
    return queue(store, view, Change.make("response.submit", subject, profile.address, body, id=id, after=after))


def _answering(own: str, letter: Letter, view: View) -> str:
    """The organisation to answer for: one's own, or else the only one that became part of it and has got the letter."""
    former = [code for code in view.organisations if code != own and successor_of(code, view) == own]
    addressed = [code for code in former if letter.roles(code)]
    return addressed[0] if not letter.roles(own) and len(addressed) == 1 else own


def _check_answers(letter: Letter, answers: Sequence[Mapping[str, Any]]) -> None:
    requests = letter.content.get("requests", [])
    numbers = [answer.get("request") for answer in answers]
    for number in numbers:
        if not isinstance(number, int) or not 1 <= number <= len(requests):
            raise UsageError("request-unknown", count=len(requests), number=number)
    if len(set(numbers)) != len(numbers):
        raise UsageError("answered-twice")


def request_meeting(
    profile: Profile,
    store: Store,
    kind: str,
    *,
    slots: Sequence[str] = (),
    letter: str | None = None,
    invited: Sequence[str] = (),
    themes: Sequence[str] = (),
    place: str | None = None,
    audience: str | None = None,
    size: int | None = None,
    note: str | None = None,
    key: str | None = None,
) -> Change:
    """Queues the request for a meeting with the region's account holder. ``invited`` are codes of organisations. With a
    ``key``, asking again for the same writes once. Raises :class:`UsageError` and :class:`ChangeError`."""
    view = store.view()
    found = view.find_letter(letter) if letter is not None else None
    body = {
        "kind": kind,
        "accounthouder": view.account_holder(profile.organisation),
        "invited": list(invited),
        "letter": found.id if found else None,
        "dossier": found.content["dossier"] if found else None,
        "themes": list(themes),
        "slots": list(slots),
        "place": place,
        "audience": audience,
        "size": size,
        "note": note,
    }
    id = id_for_key(profile.address, key) if key is not None else None
    return queue(store, view, Change.make("meeting.request", None, profile.address, body, id=id))


def opened(profile: Profile, store: Store, letter: Letter) -> Change | None:
    """Queues that somebody at this address opened a letter, where that is new and this address has a receipt."""
    view = store.view()
    receipt = view.receipts.get((letter.id, profile.address))
    addressed = [*letter.content["recipients"], *letter.content.get("copies", ())]
    if profile.address not in addressed or (receipt is not None and receipt.is_opened):
        return None
    body = {"sender": letter.sender, "region": letter.content["region"]}
    subject = f"receipt/{letter.id}/{profile.address}"
    return queue(store, view, Change.make("receipt.opened", subject, profile.address, body))
