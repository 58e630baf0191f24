"""What the parsers of several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn, Protocol

from app.cli.printing import stderr


class Command(Protocol):
    """Adds a command: its name, one line of help, and what stands below it."""

    def __call__(self, name: str, help_: str, epilog: str = "") -> argparse.ArgumentParser: ...


class OneSentence(argparse.ArgumentParser):
    """Says what is wrong in one sentence and exits with 2."""

    def error(self, message: str) -> NoReturn:
        said = message[:1].upper() + message[1:]
        stderr(f"{said.rstrip('.')}. `{self.prog} --help` shows how it is written.")
        raise SystemExit(2)


def of_outage(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("outage", metavar="OUTAGE", help="its code, for instance OUT-2026-004")
    return made


def decided(parser: argparse.ArgumentParser, help_: str = "who decided, by name") -> None:
    parser.add_argument("--decided-by", default="", metavar="NAME", help=help_)
    parser.add_argument(
        "--instead", default="", metavar="T", help="why NAME, where the decision card names another"
    )


def by_whom(made: argparse.ArgumentParser) -> None:
    made.add_argument("--by", default="", metavar="NAME", help="whose word it is; default: you")


def as_json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="for programs, as described below")


def with_data(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """So that --data may stand after the command, too."""
    made.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="use this data folder",
    )
    return made


def typed_values(made: argparse.ArgumentParser) -> None:
    """What a person says of one notice, and how it is sent."""
    made.add_argument(
        "--value", action="append", default=[], metavar="NAME=TEXT", help="a value of it, see below"
    )
    made.add_argument(
        "--attach", action="append", default=[], type=Path, metavar="FILE", help="goes with it"
    )
    made.add_argument("--send-as", default="", metavar="ADDRESS", help="who stands as its sender")
    made.add_argument("--reply-to", default="", metavar="ADDRESS", help="where answers go")
