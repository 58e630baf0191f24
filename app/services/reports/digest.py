"""The executive digest of a period, from the numbers and the calendar; and whom it is for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlmodel import col

from app.models.notices.wording import as_sentence
from app.models.outages.lifecycle import BEFORE_START, CLOSED, FLYING, State
from app.models.reports.digest import (
    WEEKS_AHEAD,
    Digest,
    DigestLine,
    digest_mail,
    digest_periods,
)
from app.models.reports.periods import Period
from app.models.tables.outages import Outage
from app.models.times import speak_window, to_utc, to_wall
from app.services.database import organisation
from app.services.notices.eml import EmlFile, Envelope, eml_files
from app.services.notices.eml import Recipient as Addressee
from app.services.notices.gathering import leaders
from app.services.notices.rendering import render_body
from app.services.outages.endings import endings_of
from app.services.reports.kpi import kpi_of
from app.services.uow import UnitOfWork

NO_LEADERS = (
    "Nobody gets it: add an audience named “IT leaders”, or give leaders that role. Nothing was "
    "written."
)


def usual_digests(uow: UnitOfWork) -> tuple[Period, ...]:
    """On the organisation's clock."""
    return digest_periods(to_wall(uow.now, organisation(uow).zone).date())


def digest_of(uow: UnitOfWork, since: date, last: date) -> Digest:
    """The outages whose window begins from `since` to `last`, both included, on the organisation's
    clock; and those of the next weeks. Raises BadInput."""
    kpi = kpi_of(uow, since, last)
    zone = organisation(uow).zone
    first, end = (
        to_utc(datetime.combine(day, time()), zone) for day in (since, last + timedelta(days=1))
    )
    ahead = max(end, uow.now + timedelta(weeks=WEEKS_AHEAD))
    found = uow.all(
        Outage,
        col(Outage.start_utc) >= first,
        col(Outage.start_utc) < ahead,
        order=(col(Outage.start_utc), col(Outage.code)),
    )
    within = [o for o in found if o.start_utc < end and o.state in CLOSED | FLYING]
    endings = endings_of(uow, [o.id for o in within])
    coming = (o for o in found if o.state in BEFORE_START and o.state is not State.DRAFT)
    return Digest(
        kpi,
        tuple(_line(o, _how(o, endings.get(o.id, o.state))) for o in within),
        tuple(_line(o, o.impact.value.capitalize()) for o in coming),
    )


def digest_mails(uow: UnitOfWork, since: date, last: date) -> tuple[EmlFile, ...]:
    """The same as drafts to the leaders; none where nobody is known to lead."""
    subject, body = digest_mail(digest_of(uow, since, last))
    to = tuple(Addressee(r.email, r.name) for r in leaders(uow) if r.email)
    envelope = Envelope(to=to) if len(to) == 1 else Envelope(bcc=to)
    return eml_files(render_body(subject, body), envelope, f"digest-{since}-{last}") if to else ()


def _line(outage: Outage, how: str) -> DigestLine:
    return DigestLine(speak_window(outage.window), f"{outage.code} {outage.title}", how)


def _how(outage: Outage, ending: State) -> str:
    """`Backed out. The firmware refuses.`"""
    note = as_sentence(outage.ending_note) if ending is not State.COMPLETE else ""
    return f"{as_sentence(ending.words)} {note}".strip()
