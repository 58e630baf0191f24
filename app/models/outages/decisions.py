"""The decision card: for each act that is not everybody's, who decides (product.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from app.models.errors import NotAllowed


class Act(StrEnum):
    HOLD = "hold"
    EXTEND = "extend"
    EXTEND_BEYOND = "extend_beyond"
    NO_RETURN = "no_return"
    BACK_OUT = "back_out"
    CANCEL = "cancel"
    NO_GO = "no_go"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Act.HOLD: "Hold",
    Act.EXTEND: "Extend",
    Act.EXTEND_BEYOND: "Extend beyond that",
    Act.NO_RETURN: "Step without return, or a start too late to turn back",
    Act.BACK_OUT: "Back out",
    Act.CANCEL: "Cancel",
    Act.NO_GO: "GO against a NO",
}


CONTINUE = "continue"
"""What a decision is about that stands on no card: going on when the way back is to close."""


def about_words(token: str) -> str:
    """What a decision kept under `token` was about."""
    return "Continue" if token == CONTINUE else Act(token).words


@dataclass(frozen=True, slots=True)
class CardLine:
    """`who` empty: the coordinator decides alone. `limit` is minutes, for *extend* only;
    `wait` is how many minutes to try to reach them, `then` what happens after that."""

    act: Act
    who: str = ""
    phone: str = ""
    deputy: str = ""
    deputy_phone: str = ""
    wait: int = 10
    then: str = ""
    limit: int = 30

    @property
    def reach(self) -> str:
        """`IT operations manager 555 0110, deputy 555 0111`."""
        if not self.who:
            return "coordinator"
        first = f"{self.who} {self.phone}".strip()
        second = f"{self.deputy} {self.deputy_phone}".strip()
        return f"{first}, deputy {second}" if second else first

    def name_of(self, typed: str) -> str:
        """The one the card names (or the deputy) that `typed` is the name of, or a part of it in
        whole words; empty: somebody else."""
        words = set(typed.casefold().split())
        for name in (self.who, self.deputy):
            if words and words <= set(name.casefold().split()):
                return name
        return ""

    @property
    def words(self) -> str:
        return (
            f"{self.act.words} up to {self.limit} min"
            if self.act is Act.EXTEND
            else (self.act.words)
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was given: by whom, why, how long it took, whether they were called up;
    `instead` is why it was not the one the card names."""

    by: str
    why: str = ""
    minutes_waited: int = 0
    was_called: bool = False
    instead: str = ""

    @property
    def because(self) -> str:
        """Why somebody decides whom the card does not name."""
        return self.instead.strip() or self.why.strip()


def default_card(
    leader: str, phone: str, deputy: str = "", deputy_phone: str = ""
) -> tuple[CardLine, ...]:
    """The coordinator holds, extends a little and backs out alone; the leader decides the rest."""

    def led(act: Act, then: str) -> CardLine:
        return CardLine(act, leader, phone, deputy, deputy_phone, 10, then)

    return (
        CardLine(Act.HOLD),
        CardLine(Act.EXTEND),
        led(Act.EXTEND_BEYOND, "back out"),
        led(Act.NO_RETURN, "do not start the step"),
        CardLine(Act.BACK_OUT),
        CardLine(Act.CANCEL, then="the service owner is told"),
        led(Act.NO_GO, "hold"),
    )


def card_from(stored: Iterable[Mapping[str, Any]]) -> tuple[CardLine, ...]:
    return tuple(CardLine(**{**line, "act": Act(line["act"])}) for line in stored)


def card_to(card: Iterable[CardLine]) -> list[dict[str, Any]]:
    return [{**asdict(line), "act": line.act.value} for line in card]


def line_for(card: Iterable[CardLine], act: Act) -> CardLine:
    return next((line for line in card if line.act is act), CardLine(act))


def decides_on(card: Iterable[CardLine], who: str) -> tuple[str, ...]:
    """What somebody named decides, each as it is said of them: `extending by more than 30 min`."""
    card = tuple(card)
    limit = line_for(card, Act.EXTEND).limit
    said = {
        Act.HOLD: "holding",
        Act.EXTEND: f"extending by up to {limit} min",
        Act.EXTEND_BEYOND: f"extending by more than {limit} min",
        Act.NO_RETURN: "going on without a way back",
        Act.BACK_OUT: "backing out",
        Act.CANCEL: "cancelling",
        Act.NO_GO: "a GO against a NO",
    }
    return tuple(said[line.act] for line in card if line.who == who)


def words_on(card: Iterable[CardLine], line: CardLine) -> str:
    """The words of a line where the line above it is not read."""
    if line.act is not Act.EXTEND_BEYOND:
        return line.words
    return f"Extend by more than {line_for(card, Act.EXTEND).limit} min"


def extension_act(card: Iterable[CardLine], minutes: int) -> Act:
    """Which line of the card an extension of so many minutes falls under."""
    return Act.EXTEND if minutes <= line_for(card, Act.EXTEND).limit else Act.EXTEND_BEYOND


def require_name(
    card: Iterable[CardLine], act: Act, decided: Decided | None, because: str
) -> CardLine:
    """As `require_decision`, where the coordinator alone decides by name, too."""
    card = tuple(card)
    line = require_decision(card, act, decided, because)
    if decided is None or not decided.by.strip():
        raise NotAllowed(
            f"{because} {words_on(card, line)}: the coordinator decides. Record the decision by "
            "name.",
            act=act,
            line=line,
        )
    return line


def require_decision(
    card: Iterable[CardLine], act: Act, decided: Decided | None, because: str = ""
) -> CardLine:
    """Raises NotAllowed, with whom to call, when the card names somebody and nobody decided, or
    another did and nothing says why. `because` are whole sentences on what makes it theirs."""
    card = tuple(card)
    line = line_for(card, act)
    if line.who and (decided is None or not decided.by.strip()):
        then = f" If nobody answers within {line.wait} min: {line.then}." if line.then else ""
        raise NotAllowed(
            f"{because} {words_on(card, line)}: {line.reach} decides. Ask, then record the "
            f"decision by name.{then}".strip(),
            act=act,
            who=line.who,
            line=line,
        )
    if line.who and decided and not line.name_of(decided.by) and not decided.because:
        by = decided.by.strip()
        raise NotAllowed(
            f"The card does not name {by}: {words_on(card, line)}: {line.reach} decides. Say "
            f"why {by} decides instead; log and report show it.",
            act=act,
            who=line.who,
            line=line,
            stands_in=by,
        )
    return line
