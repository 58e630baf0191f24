"""What somebody asked at kick-off answers: yes, no, or that they cannot; and who is called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CANCEL_CALL = "cancel_call"
ANSWER_CALL = "answer_call"
"""Kept where kick-off questions are: who is called, of a late cancellation or with an answer."""


class Word(StrEnum):
    YES = "yes"
    NO = "no"
    CANNOT = "cannot"

    @property
    def words(self) -> str:
        return {Word.YES: "yes", Word.NO: "no", Word.CANNOT: "can’t"}[self]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An answer with its reason, which may come later or never."""

    word: Word
    why: str = ""

    @property
    def text(self) -> str:
        """As it is stored: `cannot: on leave`."""
        return f"{self.word.value}: {self.why.strip()}" if self.why.strip() else self.word.value

    @property
    def spoken(self) -> str:
        return f"{self.word.words}: {self.why}" if self.why else self.word.words


def confirmed_from(stored: str) -> Confirmed | None:
    """None while there is no answer of one of the three words."""
    head, _, why = stored.partition(":")
    token = head.strip().casefold()
    return Confirmed(Word(token), why.strip()) if token in set(Word) else None


def answer_call(reply_id: str) -> str:
    """What a call is for that tells whoever replied what they are answered."""
    return f"{ANSWER_CALL}/{reply_id}"


def is_call(what: str) -> bool:
    """Somebody is told something by phone; it asks nothing of the kick-off."""
    return what == CANCEL_CALL or what.startswith(ANSWER_CALL)
