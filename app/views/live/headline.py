"""The headline of Live: what is being done, or is to be done next, and the acts it offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.models.outages.lifecycle import ENDINGS, State
from app.models.runbook import StepKind, StepState
from app.services.live.rows import LiveRows, LiveStep, NextAct
from app.views.live.now_words import facts_of, next_words, start_words, title_of, who_checks

_TO_VERIFY = "to be verified"
_UNSEEN = {StepState.SKIPPED: "skipped, so nobody saw it pass"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a button asks of the page: an act of the flight, or of a step (`how` on `step`)."""

    act: NextAct
    how: str = ""
    step: LiveStep | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """`buttons`: the word on each, what it wishes, and its tone; the primary one last."""

    title: str
    sub: str
    buttons: tuple[tuple[str, Wish, str], ...]
    step: LiveStep | None = None

    @property
    def running(self) -> LiveStep | None:
        """Its step, when that is in progress."""
        step = self.step
        return step if step is not None and step.state is StepState.RUNNING else None


def headline(rows: LiveRows, now: datetime) -> Headline:
    """What the coordinator attends to at `now`."""
    match rows.next_act:
        case NextAct.DONE_STEP:
            step = next((s for s in rows.running if s.kind is StepKind.WORK), None)
            if step is not None:
                return _running(step, now)
        case NextAct.START_STEP:
            step = next(
                (s for s in rows.following if s.startable and s.kind is StepKind.WORK), None
            )
            if step is not None:
                wish = Wish(NextAct.START_STEP, "start", step)
                said = start_words(rows, step)
                return Headline(title_of(step), said, (("Start", wish, "primary"),), step)
        case NextAct.CHECK:
            due = [s for s in rows.checks if s.ready or s.started_at]
            step = next(iter(due or [s for s in rows.checks if s.state is StepState.SKIPPED]), None)
            if step is not None:
                wish = Wish(NextAct.CHECK, "check", step)
                result = step.result.replace("_", " ") or _UNSEEN.get(step.state, _TO_VERIFY)
                sub = f"{result} · {who_checks(rows, step)}".rstrip(" ·")
                return Headline(
                    title_of(step), sub, (("Note the outcome…", wish, "primary"),), step
                )
        case _:
            pass
    return _flight(rows)


def _running(step: LiveStep, now: datetime) -> Headline:
    return Headline(
        title_of(step),
        facts_of(step, now),
        (
            ("Heard by phone", Wish(NextAct.NONE, "hear", step), ""),
            ("Blocked", Wish(NextAct.NONE, "block", step), ""),
            ("Done", Wish(NextAct.DONE_STEP, "done", step), "primary"),
        ),
        step,
    )


def _flight(rows: LiveRows) -> Headline:
    """What is next for the flight as a whole."""
    act = rows.next_act

    def one(title: str, sub: str, words: str, *more: tuple[str, Wish, str]) -> Headline:
        return Headline(title, sub, (*more, (words, Wish(act), "primary")))

    first = [row.sentence for row in rows.owed if not row.leaving][:3]
    owed = f"Owed: {'; '.join(first)}." if first else ""
    match act:
        case NextAct.VERIFY:
            return one("Every step of the window is settled", "Now it is verified.", "Verify")
        case NextAct.ALL_CLEAR:
            return one(
                rows.verified,
                "The all clear is your word: what the checker said, and the data lost.",
                "All clear…",
                ("Partly done…", Wish(NextAct.NONE, "partly"), ""),
            )
        case NextAct.BACKED_OUT:
            undone = "What can be undone is undone" if rows.past_return else "Everything is undone"
            return one(undone, "The old state is verified.", "Backed out…")
        case NextAct.CLOSE_BRIDGE:
            return one("The bridge is still open", "Close it and look that it ended.", "Close…")
        case NextAct.PAY_DEBT:
            return one(f"{rows.state.words}: not filed yet", owed, "See to the first")
        case NextAct.FILE:
            return one("Nothing is owed any more", "The flight can be filed.", "File it")
        case NextAct.WAIT if rows.state in ENDINGS:
            return Headline(
                f"{rows.state.words}: not filed yet", "What is owed waits to leave.", ()
            )
        case _ if rows.state is State.FILED:
            return Headline("Filed", "Nothing is left to do.", ())
        case _:
            waiting = rows.following[0] if rows.following else None
            sub = f"Next: {waiting.label} ({waiting.owner or 'nobody'})." if waiting else ""
            if waiting is not None and waiting.kind is StepKind.NOTICE and waiting.ready:
                if waiting.notice_kind in rows.leaving:
                    return Headline(
                        waiting.label, "It waits to leave, and is done once it left.", ()
                    )
                wish = Wish(NextAct.NONE, "act", waiting)
                return Headline(
                    waiting.label, "It is done by sending it.", (("Write it…", wish, "primary"),)
                )
            if rows.blocked:
                held = rows.blocked[0]
                return Headline(f"{held.label} is blocked", "Nothing else can start just now.", ())
            if waiting is not None and waiting.ready and waiting.opens is not None:
                said = start_words(rows, waiting)
                wish = Wish(NextAct.NONE, "start", waiting)
                return Headline(title_of(waiting), said, (("Start", wish, ""),), waiting)
            return Headline("Nothing can start just now", "" if next_words(rows, None) else sub, ())
