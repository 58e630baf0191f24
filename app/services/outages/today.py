"""Today: the next window, what needs the coordinator, the days ahead, the crew, what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.live.asking import asked_at, open_ask
from app.models.live.go import judge
from app.models.outages.debt import Debt, DebtKind
from app.models.outages.errands import GATE_BEFORE, Errand, strip_of
from app.models.outages.lifecycle import BEFORE_START, CLOSED, ENDINGS, FLYING, State
from app.models.runbook import SETTLED, Phase, forecast
from app.models.severity import Severity
from app.models.tables.directory import Person
from app.models.tables.notices import Reply
from app.models.tables.outages import Outage
from app.models.times import (
    speak_date,
    speak_moment,
    speak_span,
    speak_time,
    speak_window,
    to_wall,
)
from app.services.calendar.outlook import link_of
from app.services.calendar.rechecking import Clash, clashes
from app.services.crew.needs import crew_needs
from app.services.database import organisation
from app.services.directory.rota import on_duty
from app.services.live.going_on import answered, closing
from app.services.live.roll_call import go_facts
from app.services.notices.audiences import resolve
from app.services.notices.stored import waiting_items
from app.services.outages.brief import debt_row
from app.services.outages.confirming import confirming
from app.services.outages.debt import debts_of
from app.services.outages.first_rows import AHEAD, choose, coming_row
from app.services.outages.moving import told_count
from app.services.outages.planning import service_ids
from app.services.outages.reading import open_outages
from app.services.outages.today_heads import heads
from app.services.outages.today_judged import Judged
from app.services.outages.today_rows import (
    ComingRow,
    CrewRow,
    NeedRow,
    NextWindow,
    TodayRows,
)
from app.services.outages.today_waiting import waiting_rows
from app.services.rota.needs import rota_needs
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork

CREW_WITHIN = timedelta(hours=24)
DRAFT_WITHIN = timedelta(days=21)
TONIGHT = timedelta(hours=24)


def today(uow: UnitOfWork, known: Mapping[str, Judged] | None = None) -> TodayRows:
    """`known` was worked out in turns before (`today_turns`). Raises NotFound while there is no
    organisation."""
    home = organisation(uow)
    duty = on_duty(uow)
    found = open_outages(uow)
    known = known or {}
    judged = {
        o.id: was if (was := known.get(o.id)) and was.version == o.version else judged_of(uow, o)
        for o in found
    }
    owed = {outage_id: each.owed for outage_id, each in judged.items()}
    ahead = [o for o in found if o.state in FLYING or _to_come(o, uow.now)]
    chosen = choose(o.state for o in ahead)
    nearest = None if chosen is None else ahead[chosen]
    against = clashes(uow)
    needs = [
        (_tier(outage, need, uow.now), need.at, need)
        for outage in found
        for need in (
            *judged[outage.id].needs,
            *_clashing(uow, outage, against.get(outage.id, ())),
        )
    ]
    needs += [((False, True, not need.late, True), need.at, need) for need in rota_needs(uow)]
    needs += [((False, True, not need.late, True), need.at, need) for need in heads(uow)]
    return TodayRows(
        now=uow.now,
        organisation=home.name,
        zone=home.zone,
        duty=duty.name if duty else "",
        duty_until=speak_date(duty.ends) if duty else "",
        next=None if nearest is None else _next(uow, nearest),
        needs=tuple(need for *_, need in sorted(needs, key=lambda ranked: ranked[:2])),
        coming=_coming(uow, ahead, owed),
        crew=() if nearest is None else _crew(uow, nearest),
        waiting=tuple(waiting_rows(uow, found)),
        not_filed=len(found),
        any_outage=bool(found) or bool(uow.all(Outage)),
        complete=True,
    )


def judged_of(uow: UnitOfWork, outage: Outage) -> Judged:
    if outage.state is State.DRAFT:
        return Judged(outage.version, (), tuple(_needs(uow, outage, ())))
    resolved = resolve(uow, outage)  # once, as of 25,000 it takes a while
    owed = debts_of(uow, outage, resolved)
    needs = *_needs(uow, outage, owed), *confirming(uow, outage, resolved)
    return Judged(outage.version, owed, needs)


def _to_come(outage: Outage, now: datetime) -> bool:
    return outage.state in BEFORE_START and outage.end_utc > now


def _next(uow: UnitOfWork, outage: Outage) -> NextWindow:
    strip, here = strip_of(outage.state)
    red = None
    if outage.state in (State.GO_NO_GO, State.HOLD):
        red = sum(1 for judged in judge(go_facts(uow, outage)) if not judged.met)
    printed = outage.packet_printed_at
    packet = ""
    if printed is not None:
        stale = outage.packet_revision != outage.runbook_revision
        packet = f"Packet printed {speak_time(to_wall(printed, outage.zone))}"
        packet += ", runbook changed since" if stale else ""
    return NextWindow(
        outage_id=outage.id,
        code=outage.code,
        title=outage.title,
        window=speak_window(outage.window),
        zone=outage.zone,
        start=outage.start_utc,
        promised_end=outage.promised_end_utc,
        state=outage.state,
        impact=outage.impact,
        services=len(service_ids(uow, outage.id)),
        flying=outage.state in FLYING,
        strip=strip,
        here=here,
        told=told_count(uow, outage.id),
        red=red,
        packet=packet,
    )


def _tier(outage: Outage, need: NeedRow, now: datetime) -> tuple[bool, bool, bool, bool]:
    """What tonight's flight needs tonight comes first, late or not yet: its GO is more urgent than
    last week's summary. Then what is late. What waits to leave comes last, as nothing is to be
    done for it."""
    flies_tonight = outage.state in FLYING or (
        outage.state in BEFORE_START and abs(outage.start_utc - now) <= TONIGHT
    )
    tonight = flies_tonight and (need.late or need.at <= now + TONIGHT)
    waits = need.errand is Errand.OUTBOX and not need.late
    return waits, not tonight, not need.late, not (tonight and need.errand.on_live)


# --- Needs you --------------------------------------------------------------------------------


def _needs(uow: UnitOfWork, outage: Outage, owed: Sequence[Debt]) -> Iterator[NeedRow]:
    leaving = waiting_items(uow, outage.id) if owed else {}
    keys: Counter[str] = Counter()
    for debt in owed:
        row = debt_row(debt, outage, uow.now, leaving)
        words = row.sentence
        if debt.kind is DebtKind.NOTICE:
            words = f"{row.sentence}: {outage.title}"
        key = f"{outage.id}:{debt.kind}:{debt.notice}:{debt.about_id}:{debt.moment}"
        keys[key] += 1  # one of its kind keeps its key, whatever else is owed
        yield NeedRow(
            key=key if keys[key] == 1 else f"{key}:{keys[key]}",
            outage_id=outage.id,
            words=words,
            sub=f"{outage.title} · {row.sub}" if words == row.sentence else row.sub,
            errand=row.errand,
            button=row.errand.words,
            at=debt.late_at,
            late=row.late,
            about=row.about,
            due=row.errand is Errand.NOTICE,  # a debt is none before its time
        )
    yield from _ask(uow, outage)
    yield from crew_needs(uow, outage)
    yield from _red_criteria(uow, outage)
    yield from _unsorted(uow, outage)
    yield from _edited_in_outlook(uow, outage)
    yield from _next_state(uow, outage, owed)


def _ask(uow: UnitOfWork, outage: Outage) -> Iterator[NeedRow]:
    """The way back is about to close, and nobody said what then."""
    closes = closing(uow, outage)
    if closes is None:
        return
    asks = open_ask(closes, uow.now, answered(uow, outage.id))
    if asks is None:
        return
    left = closes - uow.now
    when = f"closes in {speak_span(left)}" if left > timedelta() else "has closed"
    yield NeedRow(
        key=f"{outage.id}:way_back:{closes.isoformat()}:{asks}",
        outage_id=outage.id,
        words=f"The way back {when}: {outage.title}",
        sub="continue, extend, stop at a safe point, or back out",
        errand=Errand.LIVE,
        button=Errand.LIVE.words,
        at=asked_at(closes, asks),
        late=True,
    )


def _red_criteria(uow: UnitOfWork, outage: Outage) -> Iterator[NeedRow]:
    """While it is decided on: what still stands in the way of GO."""
    if outage.state not in (State.GO_NO_GO, State.HOLD):
        return
    for judged in judge(go_facts(uow, outage)):
        if not judged.met:
            yield NeedRow(
                key=f"{outage.id}:go:{judged.criterion.value}",
                outage_id=outage.id,
                words=f"GO needs: {judged.criterion.words}",
                sub=f"{outage.title} · {judged.evidence}",
                errand=Errand.ROLL_CALL,
                button=Errand.ROLL_CALL.words,
                at=outage.start_utc,
                late=uow.now >= outage.start_utc - GATE_BEFORE,
            )


def _edited_in_outlook(uow: UnitOfWork, outage: Outage) -> Iterator[NeedRow]:
    link = link_of(uow, outage.id)
    if link is not None and link.proposal:
        yield NeedRow(
            key=f"{outage.id}:outlook",
            outage_id=outage.id,
            words=f"Changed in Outlook: {outage.title}",
            sub="take it over or put it back; nothing was changed here",
            errand=Errand.OPEN,
            button=Errand.OPEN.words,
            at=link.seen_at or uow.now,
            late=False,
        )


def _clashing(uow: UnitOfWork, outage: Outage, news: Sequence[Clash]) -> Iterator[NeedRow]:
    """What came to stand against its window since it was planned."""
    if news and outage.state in BEFORE_START:
        more = f" · and {len(news) - 1} more" if len(news) > 1 else ""
        yield NeedRow(
            key=f"{outage.id}:clash",
            outage_id=outage.id,
            words=f"New conflict: {outage.title}",
            sub=f"{news[0].sentence}{more}",
            errand=Errand.OPEN,
            button=Errand.OPEN.words,
            at=uow.now,
            late=news[0].severity is Severity.BLOCK,
        )


def _unsorted(uow: UnitOfWork, outage: Outage) -> Iterator[NeedRow]:
    if outage.state in CLOSED:
        return  # it is owed then
    here = [col(Reply.outage_id) == outage.id, col(Reply.kind) == "unsorted"]
    here.append(col(Reply.guess) != "report")  # named each by itself, as are answers below
    if outage.state in BEFORE_START:  # these are named each by itself
        here.append(col(Reply.guess) != "confirmation")
    replies = uow.all(Reply, *here, order=(col(Reply.received_at),))
    if replies:
        count = len(replies)
        yield NeedRow(
            key=f"{outage.id}:unsorted",
            outage_id=outage.id,
            words="One reply unsorted" if count == 1 else f"{count} replies unsorted",
            sub=outage.title,
            errand=Errand.REPLY,
            button="Sort",
            at=replies[0].received_at,
            late=False,
            about=replies[0].id,
        )


def _next_state(uow: UnitOfWork, outage: Outage, owed: Sequence[Debt]) -> Iterator[NeedRow]:
    """The next state, where nothing is owed but somebody has to say so."""
    start, now = outage.start_utc, uow.now
    said = ""
    match outage.state:
        case State.DRAFT if start < now + DRAFT_WITHIN:
            errand, said = Errand.PLAN, "Still a draft"
        case State.PLANNED | State.ANNOUNCED if outage.end_utc <= now:
            errand, said = Errand.OPEN, "Its window has passed: move it, or cancel it"
        case State.ANNOUNCED if start - GATE_BEFORE <= now:
            errand, said = Errand.GATE, "Go/no-go is due"
        case state if state in ENDINGS and not owed:
            errand, said = Errand.FILE, "Nothing is owed any more"
    if not said:
        return
    left = f"in {speak_span(start - now)}" if start > now else f"{speak_span(start - now)} ago"
    moment = outage.ended_at or now if outage.state in CLOSED else start
    yield NeedRow(
        key=f"{outage.id}:{errand.value}",
        outage_id=outage.id,
        words=f"{said}: {outage.title}",
        sub=f"{speak_moment(start, outage.zone)}, {left}",
        errand=errand,
        button=errand.words,
        at=moment,
        late=outage.state not in CLOSED and start - GATE_BEFORE <= now,
    )


# --- the days ahead, the crew, what waits -----------------------------------------------------


def _coming(
    uow: UnitOfWork, ahead: Sequence[Outage], owed: dict[str, tuple[Debt, ...]]
) -> tuple[ComingRow, ...]:
    rows = []
    for outage in ahead:
        if outage.start_utc >= uow.now + AHEAD:
            continue
        lead = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
        late = [debt for debt in owed[outage.id] if debt.late_at <= uow.now]
        rows.append(
            coming_row(
                outage.id,
                outage.title,
                outage.window,
                lead.name if lead else "",
                outage.state,
                _short(late[0]) if late else "",
            )
        )
    return tuple(rows)


def _short(debt: Debt) -> str:
    if debt.notice is not None:
        return f"{debt.notice.words.lower()} owed"
    return {DebtKind.BRIDGE: "bridge owed", DebtKind.PACKET: "packet owed"}.get(
        debt.kind, "needs you"
    )


def _crew(uow: UnitOfWork, outage: Outage) -> tuple[CrewRow, ...]:
    """Who is needed in a window within a day: be ready – released, as forecast now."""
    if outage.state is State.DRAFT or outage.start_utc > uow.now + CREW_WITHIN:
        return ()
    steps = load_steps(uow, outage.id).known
    turned = outage.state in (State.BACKING_OUT, State.BACKED_OUT)
    expected = forecast(steps, uow.now, outage.start_utc, backing_out=turned)
    rows = []
    for person_id, times in sorted(expected.people.items(), key=lambda item: item[1].be_ready):
        person = uow.find(Person, person_id)
        own = [s for s in steps if s.owner == person_id and s.id in expected.steps]
        if all(s.state in SETTLED for s in own):
            continue  # free already
        quiet = [expected.steps[s.id] for s in own if s.do_not_disturb]
        first = [s.label for s in own if turned or s.phase is not Phase.BACK_OUT][:2]
        parts = [", ".join(first) + (f" +{len(own) - 2}" if len(own) > 2 else "")]
        if quiet:
            parts.append(
                f"do not disturb {_clock(outage, quiet[0].start)}–{_clock(outage, quiet[-1].end)}"
            )
        span = f"{_clock(outage, times.be_ready)}–{_clock(outage, times.release)}"
        rows.append(CrewRow(person.name if person else "", " · ".join(parts), span))
    return tuple(rows)


def _clock(outage: Outage, moment: datetime) -> str:
    return speak_time(to_wall(moment, outage.zone))
