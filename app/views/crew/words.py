"""What the crew board's panel says of a link and of how it is served."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models.crew.links import LinkKind
from app.models.crew.serving import Proof
from app.models.times import speak_moment, speak_time, to_wall
from app.services.crew.desk import CrewDesk, DeskRow
from app.views.crew.serves import Standing, Stands
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone

WHAT = (
    "Technicians open their own link on the phone: they see where the flight is and report a step "
    "with one tap instead of a call. Whoever only looks on gets a link that changes nothing. "
    "Nothing is served until you switch it on, and only where you say."
)
TITLES = {
    LinkKind.OBSERVER: "Observers",
    LinkKind.STATUS: "Status page",
}
_FOR = {
    LinkKind.OBSERVER: "see the board and change nothing; for managers",
    LinkKind.STATUS: "plain words for users: what was announced, and how it stands",
}


def row_of(row: DeskRow, desk: CrewDesk, standing: Standing) -> ListRow:
    link = row.link
    here = link.link_id in standing.connected
    if link.kind is not LinkKind.CREW:
        pill = "looking on" if here else ""
        return ListRow(
            link.link_id, TITLES[link.kind], _FOR[link.kind], Tone.PLAIN, pill=pill,
            pill_tone=Tone.OK,
        )  # fmt: skip
    steps = f"step{'s' if len(link.codes) > 1 else ''} {', '.join(link.codes)}"
    parts = [steps if link.codes else "no step", heard(row, desk), "leads here" * row.leads]
    tone, pill, pill_tone = Tone.OK, "", Tone.PLAIN
    if here:
        pill, pill_tone = "looking on", Tone.OK
    elif row.by is not None:
        pill = f"by {row.by}"
    if row.is_missing:
        tone = pill_tone = Tone.BAD if desk.late else Tone.WARN
        pill = "not opened"
    elif link.opened_at is None:
        tone = Tone.PLAIN
    sub = " · ".join(part for part in parts if part)
    return ListRow(link.link_id, link.name, sub, tone, pill=pill, pill_tone=pill_tone)


def without(desk: CrewDesk) -> tuple[str, ...]:
    """Who has no link: people with a step, and the kinds for anybody that were revoked."""
    kinds = {row.link.kind for row in desk.rows}
    return (*desk.without, *(title for kind, title in TITLES.items() if kind not in kinds))


def heard(row: DeskRow, desk: CrewDesk) -> str:
    link = row.link
    if link.opened_at is None:
        return "never opened"
    said = f"opened {_when(link.opened_at, desk)}"
    return f"{said} · last tap {_when(link.heard_at, desk)}" if link.heard_at else said


def _when(moment: datetime, desk: CrewDesk) -> str:
    """The clock alone within twelve hours, as flights go over midnight."""
    if abs(desk.now - moment) <= timedelta(hours=12):
        return speak_time(to_wall(moment, desk.zone))
    return speak_moment(moment, desk.zone)


def served_words(desk: CrewDesk, standing: Standing) -> tuple[str, Tone]:
    """How it stands, in a sentence."""
    serving = standing.serving
    match standing.how:
        case Stands.STARTING:
            return "It is starting; phones reach it in a moment.", Tone.INFO
        case Stands.FALLEN:
            return (
                "The crew board ended unexpectedly: phones reach nothing, and keep their taps "
                "until it is back. What was acknowledged is safe.",
                Tone.BAD,
            )
        case Stands.OFF if desk.served.elsewhere:
            return (
                f"Served by the console on {desk.served.elsewhere}, at {desk.served.serving.base}, "
                "as it last said. If that one is closed, phones reach nothing.",
                Tone.INFO,
            )
        case Stands.OFF:
            return (
                "The links are made, but nothing is served: phones reach nothing. It never "
                "starts by itself after the console was closed.",
                Tone.WARN,
            )
    where = f"Served at {serving.base}" if serving else "Served"
    if standing.how is Stands.ELSEWHERE:
        return f"{where} by another window or command.", Tone.OK
    if serving is not None and not serving.is_reached:
        return (
            f"{where}: this computer only. Phones reach it once you choose another address.",
            Tone.WARN,
        )
    return f"{where}.", Tone.OK


def looking_on(desk: CrewDesk, standing: Standing) -> str:
    """`5 of 7 opened it · 3 look on now`."""
    crew = desk.expected
    opened = sum(row.link.opened_at is not None for row in crew)
    now = len({row.link.link_id for row in desk.rows} & standing.connected)
    parts = [f"{opened} of {len(crew)} opened it" if crew else ""]
    parts.append(f"{now} look{'s' if now == 1 else ''} on now" if standing.how is Stands.ON else "")
    return " · ".join(part for part in parts if part)


def proof_words(standing: Standing) -> str:
    """What a phone will say; empty where that is not known here."""
    serving = standing.serving
    if serving is None or standing.how is not Stands.ON:
        return ""
    return serving.proof.phone_says if serving.proof is not Proof.SELF_MADE else PROOF_SELF_MADE


PROOF_SELF_MADE = Proof.SELF_MADE.phone_says


def grouped(fingerprint: str) -> str:
    """In two lines where there is room, as it is compared by eye; it may be broken after each
    pair."""
    half = len(fingerprint) // 2
    lines = (fingerprint[:half].rstrip(":"), fingerprint[half:].lstrip(":"))
    return "\n".join(line.replace(":", ":\u200b") for line in lines)
