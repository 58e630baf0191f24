"""`notice`, `lint`, `sent`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.printing import moment, one_line, show, stderr
from app.models.errors import BadInput
from app.models.notices.kinds import NoticeKind
from app.models.times import speak_moment
from app.services.notices.files import Content, content_of
from app.services.outages.planning import find_outage
from app.services.reports.files import leave_file
from app.services.uow import UnitOfWork
from app.wiring import Console

if TYPE_CHECKING:
    from app.models.notices.reading import Finding
    from app.services.notices.exporting import Artefacts
    from app.services.notices.linting import Linted


def kind_named(text: str) -> NoticeKind:
    try:
        return NoticeKind(text.strip().casefold().replace("-", "_"))
    except ValueError:
        known = ", ".join(kind.value for kind in NoticeKind)
        raise BadInput(f"There is no notice “{text}”. There are: {known}.") from None


def notice(console: Console, asked: argparse.Namespace) -> int:
    from app.cli.notice_values import enclosed, given
    from app.services.notices.exporting import export

    kind, files = kind_named(asked.kind), enclosed(console.folder, asked)

    def write(uow: UnitOfWork) -> Artefacts:
        outage = find_outage(uow, asked.outage)
        return export(uow, outage.id, kind, given(uow, outage, asked, files))

    left = console.store.read(write)
    if asked.ics is not None and left.ics is None:
        raise BadInput(f"{kind.words} has no calendar entry to go with it; nothing was written.")
    if asked.eml is not None:
        if not left.eml:
            raise BadInput(left.nobody or f"{kind.words} has nobody to go to by mail.")
        _leave_batches(asked.eml, [content for _, content in left.eml])
    if asked.ics is not None and left.ics is not None:
        leave_file(_at(asked.ics), left.ics[1])
        print(asked.ics)
    if asked.text is not None:
        leave_file(_at(asked.text), left.text_file)
        print(asked.text)
    if asked.dir is not None:
        for path in left.write_to(_at(asked.dir)):
            print(path)
        for sentence in left.preflight or (left.nobody,):
            stderr(sentence)
    if asked.dir is asked.eml is asked.ics is asked.text is None:
        print(f"Subject: {left.subject}\n\n{left.text}")
    return 0


def _leave_batches(target: Path, contents: list[Content]) -> None:
    """One file, or `name-2.eml` and so on beside it for further batches."""
    for number, content in enumerate(contents, start=1):
        path = target if number == 1 else target.with_stem(f"{target.stem}-{number}")
        leave_file(_at(path), content_of(content))
        print(path)


def _at(path: Path) -> Path:
    return path.expanduser().absolute()


def lint(console: Console, asked: argparse.Namespace) -> int:
    from app.services.notices.linting import lint_notice, lint_text

    code = asked.of_outage or asked.outage
    named = asked.kind_of or asked.kind
    kind = kind_named(named) if named else None
    if asked.text is not None:
        if asked.outage is not None and asked.of_outage is not None:
            raise BadInput("Name the outage once: `lint --text FILE --outage OUTAGE`.")
        if code is None:
            raise BadInput("Say which outage the text is about: `--outage OUTAGE`.")
        given = _read(asked.text)
        found = console.store.read(
            lambda uow: lint_text(uow, find_outage(uow, code).id, given, kind)
        )
    elif code is None or kind is None:
        raise BadInput("Give an outage and a kind, or `--text FILE --outage OUTAGE`.")
    else:
        found = console.store.read(lambda uow: lint_notice(uow, find_outage(uow, code).id, kind))
    if asked.json:
        show([_finding_as_json(each, found) for each in found.findings])
    else:
        _print_findings(found)
    return 1 if found.blocked else 0


def _read(path: Path) -> str:
    """A text file in UTF-8; `-` is standard input. Line ends stay, as places count them."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.expanduser().read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is no text in UTF-8; nothing was checked.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); nothing was checked.") from None


def _finding_as_json(finding: Finding, found: Linted) -> dict[str, Any]:
    start, end = finding.span or (None, None)
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "text": finding.sentence,
        "from": start,
        "to": end,
        "fix": finding.fix,
        "in": "subject" if finding.in_subject else "text",
        "kind": found.kind.value,
    }


def _print_findings(found: Linted) -> None:
    said = "to be mended" if found.blocked else "it may leave"
    if found.not_now and not found.blocked:
        said = f"nothing to mend, but not to be sent as things stand. {found.not_now}"
    print(f"{found.kind.words}: {said}")
    for each in found.findings:
        fix = f" -> {one_line(each.fix)}" if each.fix else ""
        print(f"{each.severity.value:<6} {each.rule:<14} {one_line(each.sentence)}{fix}")


def sent(console: Console, asked: argparse.Namespace) -> int:
    from app.cli.notice_values import enclosed, given
    from app.services.notices.sending import record_sent

    kind, at = kind_named(asked.kind), moment(asked.at)
    files = enclosed(console.folder, asked)

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        record_sent(uow, outage.id, kind, at, extra=given(uow, outage, asked, files))
        return f"{outage.code}: {kind.words} sent {speak_moment(at, outage.zone)}"

    print(console.store.run(act))
    return 0
