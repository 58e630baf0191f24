"""What a later end would mean, before it is promised. Read only: nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select

from app.models.bridge import Provider
from app.models.calendar.conflicts import Conflict
from app.models.calendar.facts import ConflictPolicy
from app.models.errors import NotAllowed
from app.models.ids import PersonId
from app.models.live.extending import Rested, proposed_end, rest_after
from app.models.live.margin import Margin
from app.models.live.words import Say, SayFacts, words_to_say
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.decisions import Act, CardLine, card_from, extension_act, line_for
from app.models.outages.lifecycle import FLYING
from app.models.runbook import PastReturn, forecast, in_play, past_return, way_back
from app.models.runbook.steps import SETTLED, StepState
from app.models.severity import Severity
from app.models.tables.live import Decision
from app.models.tables.log import LogEntry
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.times import speak_moment, speak_time, to_wall
from app.services.calendar.conflicts import is_accepted, judge
from app.services.calendar.owed import chosen_calendar
from app.services.calendar.scopes import scope_of
from app.services.live.bridge_rows import bridge_row
from app.services.live.morning import morning_after
from app.services.live.saying import Longer, as_clause
from app.services.notices.composing import NoticeExtra, compose
from app.services.notices.facts import with_end
from app.services.runbook.board import TURNED_BACK, names_of
from app.services.runbook.forecasting import margin_of, ranges_of
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import UnitOfWork

NEWS = timedelta(minutes=5)
"""So long after an extension it is what is to be said on the bridge."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict of the window as it would be; `new` when the end promised now does not have
    it."""

    severity: Severity
    sentence: str
    new: bool


@dataclass(frozen=True, slots=True)
class ExtensionRows:
    """Moments are UTC. `minutes` are beyond the window as it was planned; `decider` is the line
    of the card they fall under. `to_do` are sentences about bridge, calendar and monitoring. The
    ways back are None where the flight is `past_return`, and `way_closed` where the new one has
    passed, too. `say` is for the bridge; `subject` and
    `text` are the *extended* notice as it would be drafted; `refusal` says why `end` cannot be
    promised, and the rest is then as if it could."""

    zone: str
    old_end: datetime
    end: datetime
    minutes: int
    margin: Margin
    way_back: datetime | None
    new_way_back: datetime | None
    way_closed: bool
    past_return: PastReturn | None
    clashes: tuple[Clash, ...]
    decider: CardLine
    rest: tuple[Rested, ...]
    morning: tuple[str, ...]
    to_do: tuple[str, ...]
    say: str
    subject: str
    text: str
    told: int
    refusal: str = ""


def extension(
    uow: UnitOfWork, outage_id: str, end: datetime | None = None, why: str = ""
) -> ExtensionRows:
    """What promising `end` (UTC; None: the one proposed) would mean. A query. Raises NotFound;
    NotAllowed when it is not flown."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state not in FLYING:
        raise NotAllowed(f"{outage.code} is not being flown; move its window instead.")
    loaded = load_steps(uow, outage_id)
    turned = outage.state in TURNED_BACK
    ranges = ranges_of(uow, outage, loaded.rows)
    told = forecast(loaded.known, uow.now, outage.start_utc, backing_out=turned, ranges=ranges)
    now_margin = margin_of(uow, outage, loaded.known, told, turned=turned)
    old = outage.promised_end_utc
    end = end or proposed_end(now_margin, uow.now)
    clashes = _clashes(uow, outage, end)
    card = card_from(outage.decision_card)
    minutes = int((end - outage.end_utc).total_seconds() // 60)
    to_do = tuple(_to_do(uow, outage, end))
    free = {owner: times.release for owner, times in told.people.items()}
    still = _still_needed(uow, loaded, free, turned)
    _as_if(outage, end)
    notice = compose(uow, outage_id, NoticeKind.EXTENDED, NoticeExtra(new_end=end, reason=why))
    new_way_back, past = way_back(loaded.known, end, uow.now), past_return(loaded.known)
    closed = new_way_back is not None and new_way_back <= uow.now
    return ExtensionRows(
        zone=outage.zone,
        old_end=old,
        end=end,
        minutes=minutes,
        margin=replace(now_margin, promised=end),
        way_back=way_back(loaded.known, old, uow.now),
        new_way_back=new_way_back,
        way_closed=closed,
        past_return=past,
        clashes=clashes,
        decider=line_for(card, extension_act(card, minutes)),
        rest=rest_after(still, end, ConflictPolicy().rest),
        morning=tuple(morning_after(uow, outage, end)),
        to_do=to_do,
        say=_say(outage, old, end, past or new_way_back, why, closed=closed),
        subject=notice.subject,
        text=notice.text,
        told=notice.reach,
        refusal=_refusal(outage, old, end, uow.now),
    )


def _as_if(outage: Outage, end: datetime) -> None:
    """For the rest of this query only: the row is never seen as changed, so nothing is written."""
    set_committed_value(outage, "promised_end_utc", end)


def _say(
    outage: Outage,
    old: datetime,
    end: datetime,
    back: datetime | PastReturn | None,
    why: str,
    *,
    closed: bool,
) -> str:
    def clock(moment: datetime) -> str:
        return speak_time(to_wall(moment, outage.zone))

    facts = SayFacts(
        end=clock(end),
        old_end=clock(old),
        way_back=clock(back) if isinstance(back, datetime) else "",
        way_closed=closed,
        past_return=back.words(outage.zone) if isinstance(back, PastReturn) else "",
        reason=as_clause(why),
    )
    return words_to_say(Say.EXTEND, facts)


def just_extended(uow: UnitOfWork, outage: Outage) -> Longer | None:
    """While it is news for those on the bridge; else None."""
    moved = uow.all(
        Decision,
        col(Decision.outage_id) == outage.id,
        col(Decision.act).in_([Act.EXTEND.value, Act.EXTEND_BEYOND.value]),
        col(Decision.answered_at) > uow.now - NEWS,
        order=(col(Decision.number),),
    )
    return Longer(_promised_before(uow, outage), moved[-1].why) if moved else None


def _promised_before(uow: UnitOfWork, outage: Outage) -> datetime:
    """The end that was promised before the one that is: extended twice it is not the planned one.
    Read from the log, whose entries hold the row as it was."""
    query = (
        select(LogEntry.text)
        .where(
            LogEntry.organisation_id == uow.organisation_id,
            LogEntry.outage_id == outage.id,
            col(LogEntry.text).contains("promised_end_utc"),
        )
        .order_by(col(LogEntry.number).desc())
    )
    for text in uow.session.exec(query):
        for row in json.loads(text)["rows"]:
            if row["table"] == "outage" and row["id"] == outage.id:
                end = datetime.fromisoformat(row["promised_end_utc"])
                if end != outage.promised_end_utc:
                    return end
    return outage.end_utc


def _refusal(outage: Outage, old: datetime, end: datetime, now: datetime) -> str:
    """As the use case would refuse it."""
    if end <= old:
        return f"The end is {speak_moment(old, outage.zone)}; give a later one."
    return "That end has passed already; give one still to come." if end <= now else ""


def _clashes(uow: UnitOfWork, outage: Outage, end: datetime) -> tuple[Clash, ...]:
    """Against the window to the new end; those that come with it first. What was accepted is
    left out."""
    scope = scope_of(uow, outage)
    had = {(c.reason, c.about) for c in judge(uow, scope)}
    found = judge(uow, replace(scope, window=with_end(scope.window, end)))

    def clash(conflict: Conflict) -> Clash:
        new = (conflict.reason, conflict.about) not in had
        return Clash(conflict.severity, conflict.sentence, new)

    made = [clash(c) for c in found if not is_accepted(outage, c)]
    return tuple(sorted(made, key=lambda each: not each.new))


def _still_needed(
    uow: UnitOfWork, loaded: Loaded, free: dict[PersonId, datetime], turned: bool
) -> Sequence[tuple[str, datetime]]:
    """Names of those with a step still to do, and when the forecast lets them go."""
    over = (*SETTLED, StepState.UNDONE)
    open_ = {
        s.owner
        for s in in_play(loaded.known, backing_out=turned)
        if s.owner and s.state not in over
    }
    names = names_of(uow, loaded)
    return [(names.get(i, ""), free[i]) for i in open_ if i in free and names.get(i)]


def _to_do(uow: UnitOfWork, outage: Outage, end: datetime) -> Iterator[str]:
    """What else knows the old end."""
    at = speak_moment(end, outage.zone)
    bridge = bridge_row(uow, outage)
    if bridge is not None and bridge.open:
        if bridge.provider is Provider.TEAMS:
            yield "Bridge: the Teams meeting goes on until it is ended."
        else:
            yield f"Bridge: if the line is booked, book it until {at}."
    calendar = chosen_calendar(uow)
    if calendar.id:
        yield f"Calendar: the entry in “{calendar.name}” follows by itself."
    else:
        yield "Calendar: none of Outlook’s is chosen; the notice brings an entry for people’s own."
    briefs = uow.all(
        Notice,
        col(Notice.outage_id) == outage.id,
        col(Notice.kind) == NoticeKind.MONITORING,
        col(Notice.state) == NoticeState.SENT,
    )
    if briefs:
        until = max(b.about_end_utc or outage.end_utc for b in briefs)
        said = speak_moment(until, outage.zone)
        if until < end:
            yield f"Monitoring: told to hold alerts until {said}; ask them to hold until {at}."
