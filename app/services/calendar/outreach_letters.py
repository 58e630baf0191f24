"""The letters of a round as drafts for a mail program, where this console sends none itself."""

from __future__ import annotations

from pathlib import Path

from app.models.errors import NotAllowed
from app.models.tables.calendar import OutreachRound
from app.services.calendar.outreach import asks_of, letter_of, was_sent
from app.services.notices.eml import Envelope, Recipient, eml_files
from app.services.notices.rendering import render_body
from app.services.reports.files import leave_in
from app.services.uow import UnitOfWork


def leave_letters(uow: UnitOfWork, round_id: str, folder: Path) -> int:
    """One `.eml` for each head not asked yet; how many. They count as asked once somebody says so.
    Raises NotAllowed when there is none, BadInput, StoreTrouble."""
    row = uow.fetch(OutreachRound, round_id)
    made = 0
    for ask in asks_of(uow, round_id):
        if was_sent(uow, ask) or not ask.email:
            continue
        rendered = render_body(row.subject, letter_of(uow, row, ask, markup=True))
        envelope = Envelope(to=(Recipient(ask.email, ask.name),))
        for file in eml_files(rendered, envelope, f"{row.period} {ask.name}"):
            leave_in(folder / file.filename, file.content())
        made += 1
    if not made:
        raise NotAllowed("Everybody with an address was asked in this round; nothing was written.")
    return made
