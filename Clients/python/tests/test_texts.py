"""What people read: one catalogue, in Dutch and in English, in which nothing is missing and nothing is left over."""

from __future__ import annotations

import ast
import io
import re
import string
from pathlib import Path
from typing import Any

import pytest

import regiopost
from conftest import HERE, vectors
from regiopost import codes, shown, texts

SOURCES = sorted((HERE.parent / "regiopost").glob("*.py"))


def _keys(path: Path) -> set[str]:
    """Texts in the code that may be keys."""
    return {
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z0-9-]+", node.value)
    }


def test_every_text_is_used_and_says_the_same_in_both_languages() -> None:
    used = set().union(*(_keys(path) for path in SOURCES if path.name != "texts.py"))
    used |= {f"help-{name}" for name in regiopost.commands.COMMANDS}
    for key, (english, dutch) in texts.TEXTS.items():
        assert key in used, f"nothing says {key}"
        fields = [sorted(name for _, name, _, _ in string.Formatter().parse(t) if name) for t in (english, dutch)]
        assert fields[0] == fields[1], key
        assert english.strip() and dutch.strip()
    same = {key for key, (english, dutch) in texts.TEXTS.items() if english == dutch}
    assert same <= {"openssl-failed", "report-later", "answered-by"}
    assert not texts.TEXTS.keys() & codes.CODES.keys()


def test_every_problem_that_people_cause_is_in_the_catalogue() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if node.func.id in ("UsageError", "NoProfile", "Busy") and isinstance(first, ast.Constant):
                    assert texts.has(first.value), f"{path.name}: {first.value}"
                assert not (node.func.id == "UsageError" and isinstance(first, ast.JoinedStr)), path.name


def test_every_state_has_a_word() -> None:
    for case in vectors("folds")["folds"] + vectors("folds")["sequences"]:
        for name in ("status", "kind"):
            if name in case["state"]:
                assert case["state"][name] in texts.WORDS, case["state"][name]
    assert texts.WORDS.keys() >= set(regiopost.KINDS) | set(regiopost.ANSWERS)
    assert texts.word("from-the-future", "nl") == "from-the-future"


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "nl_NL.UTF-8"}, "nl"),
        ([], {"LANG": "nl_NL.UTF-8", "LC_MESSAGES": "en_US"}, "en"),
        ([], {"LANG": "en", "LC_ALL": "", "LC_MESSAGES": "NL"}, "nl"),
        (["letters", "--language", "nl"], {"LANG": "en_GB"}, "nl"),
        (["--language=en", "letters"], {"LANG": "nl"}, "en"),
        (["letters", "--language"], {"LANG": "nl"}, "nl"),
        (["letters", "--language", "fr"], {"LANG": "de_DE"}, "en"),
    ],
)
def test_the_language(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert texts.preferred(arguments, environment) == language


def test_problems_in_both_languages() -> None:
    error: regiopost.RegiopostError = regiopost.UsageError("no-letter", text="DOS-2026-0000042")
    assert str(error) == error.said("en") == "there is no letter called DOS-2026-0000042"
    assert error.said("nl") == "er is geen brief DOS-2026-0000042"
    error = regiopost.Disconnected("mandate-ended", "The address's mandate is over, and another has its work")
    assert error.said("nl").startswith("mandate-ended: Het mandaat van dit adres is voorbij")
    refusal = regiopost.Refusal("conflict", "after-sync", "Another change came first", {"current": "x"})
    assert refusal.said("nl") == "conflict current=x (Een andere wijziging was eerder)"
    future = regiopost.Refusal("code-from-the-future", "later", "Something new")
    assert future.said("nl") == "code-from-the-future (Something new)"
    with pytest.raises(regiopost.ChangeError) as caught:
        regiopost.Change.make("letter.withdraw", f"letter/{regiopost.new_id()}", "pv28/secretariaat", {})
    assert caught.value.said("nl") == "missing-field body.reason: Er ontbreekt een veld"


def _played(kind: str) -> regiopost.View:
    """All sequences of the vectors about one kind of subject, each on a subject of its own."""
    view = regiopost.View()
    for number, case in enumerate(vectors("folds")["sequences"] + vectors("folds")["folds"]):
        if not case["subject"].startswith(kind + "/"):
            continue
        for step in case["changes"]:
            line = (step["line"] if isinstance(step, dict) else step).encode()
            # Other ids, so that no two of the cases meet. What cites a digest then cites none, and is no signature.
            for digits in set(re.findall(rb"-0000000003[0-9a-f]{2}|-0000000001[0-9a-f]{2}", line)):
                line = line.replace(digits, b"-%06x" % number + digits[-6:])
            view.add(regiopost.Change.read(line), "2026-03-27T10:00:00.000Z")
    return view


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_everything_can_be_shown(language: str) -> None:
    stream = io.StringIO()
    output = shown.Output(False, stream, language)
    agreements, programmes, drafts, joints = (_played(k) for k in ("agreement", "programme", "draft", "joint"))
    lines: list[str] = []
    for agreement in agreements.agreements.values():
        assert shown.agreement_values(agreement)["status"] == agreement.status
        lines.append(shown.agreement_text(output, agreement))
    for programme in programmes.programmes.values():
        assert shown.programme_values(programmes, programme)["agreements"] == programme.agreements
        lines.append(shown.programme_text(output, programme))
    for draft in drafts.drafts.values():
        assert shown.draft_values(draft)["missing"] == draft.missing
        lines += shown.draft_lines(output, draft)
    for joint in joints.joints.values():
        assert shown.joint_values(joint)["signed"] == joint.signed
        lines += shown.joint_lines(output, joint)
    assert len(agreements.agreements) >= 4 and len(drafts.drafts) >= 8 and len(joints.joints) >= 5
    text = "\n".join(lines)
    words = {
        "nl": ["vervallen", "weggelegd", "samen, ingetrokken", "nog te ondertekenen", "tekent niet", "zorgt ervoor"],
        "en": ["dropped", "discarded", "together, withdrawn", "still to sign", "won't sign", "sees to it"],
    }
    for word in words[language]:
        assert word in text, word
    values: dict[str, Any] = {"address": "gm0503/griffie"}
    output.tell(values, "enrolled")
    assert stream.getvalue().strip() in ("enrolled as gm0503/griffie", "aangemeld als gm0503/griffie")
