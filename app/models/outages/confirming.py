"""What somebody asked at kick-off answers: yes, no, or that they cannot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
