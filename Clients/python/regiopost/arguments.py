"""The commands' arguments, with their help in the language that is spoken."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeAlias

from ._version import __version__
from .errors import EX_USAGE
from .shown import Output
from .texts import LANGUAGES, text
from .values import KINDS, SUPPORT

Command: TypeAlias = "Callable[[argparse.Namespace, Output], int]"
"""What runs a command; returns an exit status."""


class _Parser(argparse.ArgumentParser):
    """A parser whose help and mistakes are in one language, as far as they are ours."""

    def __init__(self, prog: str | None = None, description: str | None = None, *, language: str = "en") -> None:
        super().__init__(prog=prog, description=description, add_help=False)
        self.language = language
        self.add_argument("-h", "--help", action="help", help=text("help-help", language))

    def format_usage(self) -> str:
        """How it is called."""
        return super().format_usage().replace("usage:", text("usage", self.language), 1)

    def format_help(self) -> str:
        """What there is to choose from. The headings are those of the standard library."""
        help = super().format_help().replace("usage:", text("usage", self.language), 1)
        for heading, key in (("\npositional arguments:\n", "arguments"), ("\noptions:\n", "options")):
            help = help.replace(heading, f"\n{text(key, self.language)}\n", 1)
        return help

    def option(self, *names: str, help: str, **more: Any) -> None:
        """Adds an argument whose help is in the catalogue."""
        self.add_argument(*names, help=text(help, self.language), **more)

    def error(self, message: str) -> NoReturn:
        """Ends with a mistake in the arguments."""
        self.print_usage(sys.stderr)
        self.exit(EX_USAGE, f"{self.prog}: {message}\n")


def parser(names: Iterable[str], language: str) -> argparse.ArgumentParser:
    """Reads the arguments of the commands with these names; ``what`` is the one that was given."""
    made = _Parser(prog="regiopost-py", description=text("about", language), language=language)
    made.option("--version", action="version", version=__version__, help="help-version")
    made.option("--language", choices=LANGUAGES, help="help-language")
    commands = made.add_subparsers(required=True, metavar="COMMAND", dest="what", parser_class=_Parser)
    for name in names:
        help = text(f"help-{name}", language)
        command = commands.add_parser(name, help=help, description=help, language=language)
        command.option("--profile", default=os.environ.get("REGIOPOST_PROFILE", "default"), help="help-profile")
        command.option("--json", action="store_true", help="help-json")
        command.option("--language", choices=LANGUAGES, default=argparse.SUPPRESS, help="help-language")
        if name in _ARGUMENTS:
            _ARGUMENTS[name](command)
    return made


def _enrol(command: _Parser) -> None:
    command.option("invitation", help="help-invitation")


def _watch(command: _Parser) -> None:
    command.option("--for", dest="seconds", type=float, metavar="SECONDS", help="help-for")


def _show(command: _Parser) -> None:
    command.option("reference", help="help-reference")
    command.option("--unopened", action="store_true", help="help-unopened")


def _fetch(command: _Parser) -> None:
    command.option("reference", help="help-reference")
    command.option("--to", default=".", metavar="FOLDER", help="help-to")


def _respond(command: _Parser) -> None:
    command.option("letter", help="help-letter")
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--text", help=text("help-text", command.language))
    source.add_argument("--file", help=text("help-file", command.language))
    command.option("--reference", help="help-own-reference")
    command.option("--answer", action="append", default=[], metavar="N=yes|partly|no|later[:TEXT]", help="help-answer")
    command.option("--theme", action="append", default=[], help="help-theme")
    command.option("--support", action="append", default=[], choices=SUPPORT, help="help-support")
    command.option("--organisation", metavar="CODE", help="help-organisation")
    command.option("--attach", action="append", default=[], metavar="FILE", help="help-attach")
    command.option("--key", help="help-key")


def _request(command: _Parser) -> None:
    command.option("kind", choices=list(KINDS), help="help-kind")
    command.option("--slot", action="append", default=[], metavar="'2026-06-02 19:30-21:30'", help="help-slot")
    command.option("--letter", help="help-about-letter")
    command.option("--invite", action="append", default=[], metavar="CODE", help="help-invite")
    command.option("--theme", action="append", default=[], help="help-theme")
    command.option("--place", help="help-place")
    command.option("--audience", help="help-audience")
    command.option("--size", type=int, help="help-size")
    command.option("--note", help="help-note")
    command.option("--key", help="help-key")


def _queue(command: _Parser) -> None:
    command.option("do", nargs="?", choices=["retry", "redo", "drop"], help="help-do")
    command.option("id", nargs="?", help="help-id")
    command.option("--all", action="store_true", help="help-all")


_ARGUMENTS: dict[str, Callable[[_Parser], None]] = {
    "enrol": _enrol,
    "watch": _watch,
    "show": _show,
    "fetch": _fetch,
    "respond": _respond,
    "request": _request,
    "queue": _queue,
}
"""The arguments of each command that has some of its own."""
