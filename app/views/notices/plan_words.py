"""Rows of the communication plan and of replies, as lines of a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import Timing
from app.models.notices.replies import ObjectionDecision, ReplyKind
from app.models.outages.confirming import Word
from app.models.times import speak_date, speak_moment, speak_time, to_wall
from app.services.notices.reading import Communication, PlanRow
from app.services.notices.reply_rows import ReplyRow
from app.services.outbox.reading import OutboxRow
from app.views.notices.leaving_words import by_notice, in_the_plan, tone_of
from app.views.tones import severity_tone
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone

KEYS = (
    ("↑ ↓", "choose a line of the plan, or a reply"),
    ("Ctrl+Space", "insert a value of the outage, in the text"),
    ("Alt+P", "to the preview, and back"),
    ("Ctrl+Enter", "send the notice, or queue it; once it has left, the next that is owed"),
    ("Ctrl+Enter again", "when nothing is left to send: the act in gold"),
    ("Alt+N", "send it now, without waiting for its time"),
    ("Alt+S", "sent by me: note when it left"),
    ("O, Q, T", "sort the chosen reply: objection, question, thanks"),
    ("C", "the chosen reply answers the kick-off: record it"),
)
"""Of the Communication tab."""

MOST_AUDIENCES = 3
_REPLY_TONES = {
    ReplyKind.UNSORTED: Tone.COMMS,
    ReplyKind.OBJECTION: Tone.BAD,
    ReplyKind.QUESTION: Tone.WARN,
    ReplyKind.THANKS: Tone.OK,
    ReplyKind.AUTOMATIC: Tone.PLAIN,
    ReplyKind.REPORT: Tone.OK,
    ReplyKind.CONFIRMATION: Tone.OK,
}


def plan_lines(found: Communication, now: datetime) -> list[ListRow]:
    """One line a moment of the plan; acts that are not notices stand among them, muted."""
    leaving = by_notice(found)
    return [
        ListRow(
            key=row.key,
            title=row.title,
            sub=_sub(row, leaving.get(row.waiting), now),
            tone=_tone(row, leaving.get(row.waiting)),
            spoken=f"{row.title}. {row.standing.sentence} {row.why}",
        )
        for row in found.rows
    ]


def first_line(found: Communication) -> str:
    """The key of the line that is owed most urgently, or of what comes next."""
    notices = [row for row in found.rows if row.kind is not None]
    owed = _most_urgent_first(found, [row for row in notices if _asks(row)])
    ahead = [row for row in notices if row.sent_at is None]
    return next((row.key for row in (*owed, *ahead, *notices)), "")


def next_line(found: Communication, after: NoticeKind | None) -> str:
    """The key of another line that is owed and does not wait to leave; empty: none is."""
    return next(
        (
            row.key
            for row in _most_urgent_first(found, found.rows)
            if row.kind is not None and row.kind is not after and not row.waiting and _asks(row)
        ),
        "",
    )


def _most_urgent_first(found: Communication, rows: Sequence[PlanRow]) -> list[PlanRow]:
    """As the debt is; what is not owed keeps its place after that."""
    owed = [debt.notice for debt in found.debts]
    return sorted(rows, key=lambda row: owed.index(row.kind) if row.kind in owed else len(owed))


def _asks(row: PlanRow) -> bool:
    """It is owed or late; what left too late cannot be helped any more."""
    left = row.standing.timing is Timing.DONE_LATE
    return bool(row.owed) or row.is_owed or (row.standing.severity is not None and not left)


def ending_owed(found: Communication) -> NoticeKind:
    """Before the promised end people hear of a later one, or that it is over."""
    extended = any(debt.notice is NoticeKind.EXTENDED for debt in found.debts)
    return NoticeKind.EXTENDED if extended else NoticeKind.ALL_CLEAR


def rows_by_kind(found: Communication) -> dict[str, PlanRow]:
    """By the token of the kind; of several (the brief before and the one after) the one that is
    late or due or owed, else the first that is not told yet."""

    def rank(row: PlanRow) -> tuple[bool, bool, bool]:
        return _is_told(row), row.standing.severity is None, not row.is_owed

    by_kind: dict[str, PlanRow] = {}
    for row in sorted(found.rows, key=rank):
        if row.kind is not None:
            by_kind.setdefault(row.kind.value, row)
    return by_kind


def reply_lines(found: Communication) -> list[ListRow]:
    """In the order they came; what a machine answered stands behind them."""
    by_hand = [row for row in found.replies if row.kind != ReplyKind.AUTOMATIC]
    automatic = [row for row in found.replies if row.kind == ReplyKind.AUTOMATIC]
    return [_reply(row, found.zone) for row in (*by_hand, *automatic)]


def _is_told(row: PlanRow) -> bool:
    return row.standing.timing in (Timing.DONE, Timing.DONE_LATE)


def _tone(row: PlanRow, leaving: OutboxRow | None) -> Tone:
    if row.waiting:
        return tone_of(leaving) if leaving is not None else Tone.COMMS
    if _is_told(row):
        return Tone.WARN if row.is_owed else Tone.OK
    if row.standing.severity is not None:
        return severity_tone(row.standing.severity)
    return Tone.PLAIN


def _audiences(row: PlanRow) -> str:
    """`All staff: 2,310 told; Ward 3: 9 owed`; of a single audience the line says it all."""
    if len(row.audiences) < 2:
        return ""
    said = []
    for each in row.audiences[:MOST_AUDIENCES]:
        told = f"{each.told:,} told" if each.told else ""
        owed = f"{each.owed:,} owed" if each.owed else ""
        said.append(f"{each.name}: {', '.join(part for part in (told, owed) if part)}")
    more = len(row.audiences) - MOST_AUDIENCES
    return "; ".join([*said, *([f"and {more} more"] if more > 0 else [])])


def _sub(row: PlanRow, leaving: OutboxRow | None, now: datetime) -> str:
    audiences = _audiences(row)
    return f"{_when(row, leaving, now)}{f' · {audiences}' if audiences else ''}"


def _when(row: PlanRow, leaving: OutboxRow | None, now: datetime) -> str:
    told = f" · told {row.reach:,}" if row.reach else ""
    owed = f" · {row.owed:,} owed" if row.owed else ""
    if row.waiting:
        said = in_the_plan(leaving, now) if leaving is not None else "waits to leave"
        return f"{said}{owed}"
    if row.sent_at is not None and not row.owed:
        return f"{speak_moment(row.sent_at, row.zone)}{told}"
    if row.due is None or row.standing.timing is not Timing.LATER:
        said = row.standing.sentence.rstrip(".")
        return said if said.startswith(f"{row.title} owed") else f"{said}{owed}"
    wall = to_wall(row.due, row.zone)
    day = speak_date(wall.date())
    if row.last_possible is None or row.kind is None or row.last_possible <= row.due:
        return f"{day} {speak_time(wall)}"
    latest = to_wall(row.last_possible, row.zone).date()
    if latest == wall.date():
        return f"{day} {speak_time(wall)}"
    return f"{day} · last possible {speak_date(latest).partition(' ')[2]}"


def _reply(row: ReplyRow, zone: str) -> ListRow:
    kind = ReplyKind(row.kind)
    tone = _REPLY_TONES[kind]
    pill = kind.words
    if row.decision:
        tone, pill = Tone.OK, ObjectionDecision(row.decision).words
        if row.to_call:
            tone, pill = Tone.WARN, "Tell them by phone"
    elif kind is ReplyKind.UNSORTED and row.guess:
        pill = f"{ReplyKind(row.guess).words}?"
        if row.confirms:
            pill = f"Kick-off: {row.confirms}?"
        elif row.reports:
            pill = f"By mail: {row.reports}?"
    elif kind is ReplyKind.REPORT and row.reports:
        pill = f"By mail: {row.reports}"
    elif kind is ReplyKind.CONFIRMATION and row.confirms:
        pill = f"Kick-off: {row.confirms}"
        tone = Tone.OK if row.confirms == Word.YES.words else Tone.BAD
    answered = f" → {row.answer}" if row.answer else ""
    return ListRow(
        key=row.id,
        title=row.sender,
        sub=f"{row.text}{answered}",
        tone=tone,
        pill=pill,
        pill_tone=tone,
        spoken=f"{kind.words} from {row.sender}, {speak_moment(row.received_at, zone)}: {row.text}",
    )
