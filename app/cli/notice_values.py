"""What a person says of one notice on the command line: its values, and how it is sent."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from app.models.errors import BadInput
from app.models.tables.outages import Outage
from app.services.notices.facts import NOTHING_TYPED, NoticeExtra
from app.services.notices.manner import Enclosed, enclose, require_manner
from app.services.notices.typed_values import Typed, put
from app.services.uow import UnitOfWork


def enclosed(folder: Path, asked: argparse.Namespace) -> tuple[Enclosed, ...]:
    """Copies of the files that go with it."""
    return tuple(enclose(folder, path.expanduser().absolute()) for path in asked.attach)


def given(
    uow: UnitOfWork, outage: Outage, asked: argparse.Namespace, files: tuple[Enclosed, ...] = ()
) -> NoticeExtra:
    """Raises BadInput naming a value that does not exist or cannot be read."""
    extra = NOTHING_TYPED
    for each in asked.value:
        name, equals, text = each.partition("=")
        token = name.strip().casefold().replace("-", "_")
        if not equals or token not in set(Typed):
            known = ", ".join(what.value for what in Typed)
            raise BadInput(f"“{each[:60]}” is no NAME=TEXT with one of: {known}.")
        extra = put(extra, Typed(token), " ".join(text.split()), outage.zone, uow.now)
    require_manner(asked.send_as, asked.reply_to, files)
    tokens = tuple(dict.fromkeys(each.token for each in files))
    return replace(extra, send_as=asked.send_as, reply_to=asked.reply_to, files=tokens)
