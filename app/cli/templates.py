"""`template`: the words that notices begin with, to files, back, and compared."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from app.cli.notices import kind_named
from app.cli.printing import one_line, show, there
from app.models.errors import BadInput, NotAllowed
from app.models.notices.comparing import compared, counted
from app.models.times import speak_moment
from app.services.directory.finding import find_service
from app.services.notices.rendering import page
from app.services.notices.template import SOURCE_LIMIT, TemplateSource
from app.services.notices.template_shelf import TemplateShelf, template_shelf
from app.services.notices.templates import (
    TemplatePage,
    TemplateRow,
    back_to_built_in,
    revision_of,
    save_template,
    template_page,
)
from app.services.uow import UnitOfWork
from app.wiring import Console


def template(console: Console, asked: argparse.Namespace) -> int:
    acts = {
        "list": _list,
        "show": _show,
        "save": _save,
        "history": _history,
        "diff": _diff,
        "restore": _restore,
    }
    return acts[asked.act](console, asked)


def _list(console: Console, asked: argparse.Namespace) -> int:
    shelf: TemplateShelf = console.store.read(template_shelf)
    if asked.json:
        show(
            [
                {
                    "kind": row.kind.value,
                    "own": row.own,
                    "revision": row.revision,
                    "saved_at": _at(row.saved_at, shelf.zone),
                    "saved_by": row.saved_by,
                    "services": row.services,
                }
                for row in shelf.kinds
            ]
        )
        return 0
    for row in shelf.kinds:
        said = "built in"
        if row.refused:
            said = f"built in, as revision {row.revision} is not allowed: {row.refused}"
        elif row.own:
            said = f"revision {row.revision}, {_when(row.saved_at, shelf.zone)}, {row.saved_by}"
        more = f"; {row.services} for a service alone" if row.services else ""
        print(f"{row.kind.value:<20}{one_line(said)}{more}")
    return 0


def _show(console: Console, asked: argparse.Namespace) -> int:
    """The source, or what would leave of an outage."""
    from app.services.notices.composing import preview
    from app.services.outages.planning import find_outage

    kind = kind_named(asked.kind)

    def look(uow: UnitOfWork) -> str:
        service, number = _service(uow, asked), asked.revision
        if number is None:
            source = template_page(uow, kind, service).source
        else:
            source = revision_of(uow, kind, service, number).source
        if not asked.outage:
            return str(source)
        outage = find_outage(uow, asked.outage)
        made = preview(uow, outage.id, kind, "", "", template=source)
        return page(made.rendered) if asked.html else f"Subject: {made.subject}\n\n{made.text}"

    if asked.html and not asked.outage:
        raise BadInput("HTML is made for an outage: say which, with --outage.")
    print(console.store.read(look))
    return 0


def _save(console: Console, asked: argparse.Namespace) -> int:
    kind, source = kind_named(asked.kind), _read(asked.file)

    def act(uow: UnitOfWork) -> int:
        service = _service(uow, asked)
        save_template(uow, kind, source, service)
        return template_page(uow, kind, service).revision

    number = console.store.run(act)
    print(f"“{kind.words}”{_for(asked)} begins with revision {number} now.")
    return 0


def _history(console: Console, asked: argparse.Namespace) -> int:
    kind = kind_named(asked.kind)
    found: TemplatePage = console.store.read(
        lambda uow: template_page(uow, kind, _service(uow, asked))
    )
    if asked.json:
        show(
            [
                {
                    "revision": row.revision,
                    "saved_at": _at(row.saved_at, found.zone),
                    "saved_by": row.saved_by,
                    "built_in": row.built_in,
                    "subject": row.source.subject,
                    "body": row.source.body,
                }
                for row in found.history
            ]
        )
        return 0
    for row in found.history:
        words = "back to the built-in" if row.built_in else row.source.subject
        when = _when(row.saved_at, found.zone)
        print(f"{row.revision:>3}  " + one_line(f"{when}  {row.saved_by}  {words}"))
    print("  0  the built-in")
    return 0


def _diff(console: Console, asked: argparse.Namespace) -> int:
    kind = kind_named(asked.kind)

    def look(uow: UnitOfWork) -> tuple[TemplateRow, TemplateRow]:
        service = _service(uow, asked)
        new = revision_of(uow, kind, service, asked.new)
        if asked.old is not None:
            return revision_of(uow, kind, service, asked.old), new
        numbers = [r.revision for r in template_page(uow, kind, service).history]
        before = max((n for n in numbers if n < new.revision), default=0)
        if not new.revision:
            raise NotAllowed("Only the built-in is here: nothing comes before it.")
        return revision_of(uow, kind, service, before), new

    old, new = console.store.read(look)
    lines = compared(str(old.source), str(new.source))
    said = counted(lines) or "nothing is different"
    print(f"{kind.words}{_for(asked)}, revision {old.revision} → {new.revision}: {said}")
    for line in lines:
        print(line.words.rstrip())
    return 0


def _restore(console: Console, asked: argparse.Namespace) -> int:
    kind = kind_named(asked.kind)

    def act(uow: UnitOfWork) -> int:
        service = _service(uow, asked)
        if asked.revision == 0:
            back_to_built_in(uow, kind, service)
        else:
            source = revision_of(uow, kind, service, asked.revision).source
            save_template(uow, kind, source, service)
        return template_page(uow, kind, service).revision

    number = console.store.run(act)
    was = f"revision {asked.revision}" if asked.revision else "the built-in"
    print(f"“{kind.words}”{_for(asked)} has the words of {was} again, as revision {number}.")
    return 0


def _when(at: datetime | None, zone: str) -> str:
    return speak_moment(at, zone) if at else ""


def _at(at: datetime | None, zone: str) -> str | None:
    return there(at, zone) if at else None


def _service(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    return find_service(uow, asked.service).id if asked.service else ""


def _for(asked: argparse.Namespace) -> str:
    return f" of “{one_line(asked.service)}”" if asked.service else ""


def _read(path: Path) -> TemplateSource:
    """A file, or standard input for `-`. Raises BadInput."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else _bytes(path)
        return TemplateSource.parse(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(f"{path} is no text in UTF-8; nothing was saved.") from None
    except OSError as trouble:
        why = trouble.strerror or trouble
        raise BadInput(f"{path} cannot be read ({why}); nothing was saved.") from trouble


def _bytes(path: Path) -> bytes:
    with path.expanduser().open("rb") as file:
        return file.read(8 * SOURCE_LIMIT)  # what is longer is refused as too long
