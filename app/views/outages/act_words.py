"""What a state offers and what each act asks, in words. No widgets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from app.models.outages.cancelling import cancelled_because
from app.models.outages.lifecycle import State
from app.models.times import parse_wall, to_utc, to_wall
from app.services.outages.brief import Brief
from app.services.outages.leading import Going
from app.views.widgets.sheet import Answers, Ask, Kind

DIRECT = {
    (State.DRAFT, State.PLANNED): "Make it planned",
    (State.PLANNED, State.DRAFT): "Back to draft",
    (State.ANNOUNCED, State.GO_NO_GO): "Begin go/no-go",
    (State.HOLD, State.GO_NO_GO): "Back to go/no-go",
    (State.GO_NO_GO, State.ANNOUNCED): "Back to announced",
}
ASKED = {
    State.HOLD: "Hold…",
    State.IN_PROGRESS: "Back to work…",
    State.VERIFYING: "Verify…",
    State.COMPLETE: "All clear…",
    State.PARTLY_DONE: "End partly done…",
    State.BACKING_OUT: "Back out…",
    State.BACKED_OUT: "Backed out…",
    State.CANCELLED: "Cancel…",
    State.FILED: "File it",
}
WORDS = {
    State.HOLD: "The flight waits before its start. Everyone on the bridge hears why.",
    State.IN_PROGRESS: "Something is still to be done: back from verifying to work.",
    State.VERIFYING: "All steps of the window are settled, or you stop at this safe point.",
    State.COMPLETE: "The all-clear is your word. Everyone who was ever told hears it afterwards.",
    State.PARTLY_DONE: "It ends here, with part of it done. Everyone who was told hears which.",
    State.BACKING_OUT: "The way back begins now: the board shows the back-out steps.",
    State.BACKED_OUT: "Everything begun is undone and the old state verified.",
}
_FATES = (
    ("dropped", "dropped; no new date is planned"),
    ("postponed", "postponed; a new date is announced"),
)


def moves_of(brief: Brief) -> list[tuple[State, str]]:
    """Where it can go from here, in the order of the life; cancelling apart."""
    moves: list[tuple[State, str]] = []
    for to in State:
        if to not in brief.may or to is State.CANCELLED:
            continue
        if to is State.IN_PROGRESS and brief.state in (State.GO_NO_GO, State.HOLD):
            moves.append((to, "Give the GO on Live"))
        elif (brief.state, to) in DIRECT:
            moves.append((to, DIRECT[brief.state, to]))
        elif to in ASKED:  # the planned notice, not a menu, makes it announced
            moves.append((to, ASKED[to]))
    return moves


def asks_for(brief: Brief, to: State) -> tuple[Ask, ...]:
    if (brief.state, to) in DIRECT or to is State.FILED:
        return ()
    match to:
        case State.CANCELLED:
            later = (to_wall(brief.start, brief.zone).date() + timedelta(days=7)).isoformat()
            return (
                Ask("fate", "People read that it is", Kind.CHOICE, "dropped", choices=_FATES),
                Ask("by", "New date by", Kind.DAY, later, only_with=("fate", "postponed")),
                Ask("why", "Why", Kind.TEXT, needed="Say why; people are told."),
            )
        case State.BACKING_OUT:
            need = "Say why you turn back; it goes into the log and the notice."
            return (Ask("why", "Why", Kind.TEXT, needed=need),)
        case State.VERIFYING:
            hint = "Only when steps are left: why you stop at this safe point"
            return (Ask("why", "Why", Kind.TEXT, hint=hint),)
        case State.COMPLETE | State.PARTLY_DONE | State.BACKED_OUT:
            return _ending_asks(brief, to)
    return (Ask("why", "Why", Kind.TEXT),)


def _ending_asks(brief: Brief, to: State) -> tuple[Ask, ...]:
    who = brief.checker or "the user-side checker"
    asks = [
        Ask("check", f"What {who} said, word for word", Kind.TEXT, brief.user_check),
        Ask(
            "due",
            "… or the check is promised for",
            hint=f"such as 2025-01-11 07:30, in {brief.zone}; it stays as debt until then",
        ),
        Ask("loss", "Data lost", hint="“none”, or what was lost: people are told either way"),
        Ask("codes", "Steps waived", hint="their codes, such as 12, 14; needs a reason"),
        Ask("waived", "Why waived"),
    ]
    if to is State.PARTLY_DONE:
        need = "Say what is done and what is not, in words people understand."
        asks.insert(0, Ask("why", "What is done and what is not", Kind.TEXT, needed=need))
    if to is State.BACKED_OUT:
        asks.insert(0, Ask("why", "How it ended", Kind.TEXT))
    return tuple(asks)


def going_from(brief: Brief, answers: Answers) -> Going:
    """Raises BadInput for a due time that cannot be read."""
    due = answers.get("due", "")
    codes = answers.get("codes", "").replace(",", " ").split()
    waive: Mapping[str, str] = dict.fromkeys(codes, answers.get("waived", ""))
    postponed = answers.get("fate") == "postponed"
    by = date.fromisoformat(answers["by"]) if postponed else None
    why = answers.get("why", "")
    return Going(
        why=cancelled_because(why, by) if "fate" in answers else why,
        user_check=answers.get("check", ""),
        user_check_due=to_utc(parse_wall(due), brief.zone) if due else None,
        data_loss=answers.get("loss", ""),
        waive=waive,
    )
