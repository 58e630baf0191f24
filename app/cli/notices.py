"""`notice`, `sent`."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.printing import moment
from app.models.errors import BadInput
from app.models.notices.kinds import NoticeKind
from app.models.times import speak_moment
from app.services.outages.planning import find_outage
from app.services.reports.files import leave_file
from app.services.uow import UnitOfWork
from app.wiring import Console


def _kind(text: str) -> NoticeKind:
    try:
        return NoticeKind(text.strip().casefold().replace("-", "_"))
    except ValueError:
        known = ", ".join(kind.value for kind in NoticeKind)
        raise BadInput(f"There is no notice “{text}”. There are: {known}.") from None


def notice(console: Console, asked: argparse.Namespace) -> int:
    from app.services.notices.exporting import export

    kind = _kind(asked.kind)
    left = console.store.read(lambda uow: export(uow, find_outage(uow, asked.outage).id, kind))
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
    if asked.eml is None and asked.ics is None and asked.text is None:
        print(f"Subject: {left.subject}\n\n{left.text}")
    return 0


def _leave_batches(target: Path, contents: list[bytes]) -> None:
    """One file, or `name-2.eml` and so on beside it for further batches."""
    for number, content in enumerate(contents, start=1):
        path = target if number == 1 else target.with_stem(f"{target.stem}-{number}")
        leave_file(_at(path), content)
        print(path)


def _at(path: Path) -> Path:
    return path.expanduser().absolute()


def sent(console: Console, asked: argparse.Namespace) -> int:
    from app.services.notices.sending import record_sent

    kind, at = _kind(asked.kind), moment(asked.at)

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        record_sent(uow, outage.id, kind, at)
        return f"{outage.code}: {kind.words} sent {speak_moment(at, outage.zone)}"

    print(console.store.run(act))
    return 0
