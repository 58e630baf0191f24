"""What somebody asked at kick-off answers: yes, no, or that they cannot; and who is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

CANCEL_CALL = "cancel_call"
ANSWER_CALL = "answer_call"
"""Kept where kick-off questions are: who is called, of a late cancellation or with an answer."""


_SAID = r"(yes|no|can(?:not|[\s’'´`]?t)(?:\s+then)?)"
_SUBJECT = re.compile(rf"\s*(?:\w{{2,4}}:\s*)*([A-Z]+-\d{{4}}-\d+)\s+{_SAID}\W*", re.IGNORECASE)
_OPENING = re.compile(rf"\W*(?:i\s+)?{_SAID}\b[\s,.;:!–-]*(?:because:?\s*)?", re.IGNORECASE)
_PREFILLED = re.compile(r"^\s*because:?[ \t]*", re.IGNORECASE | re.MULTILINE)


_CANNOT = "can't then"  # plain: not every mail program reads more in an address


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


def answer_line(code: str, word: Word) -> str:
    """What the subject of an answer says: `OUT-2025-004 yes`."""
    return f"{code} {_CANNOT if word is Word.CANNOT else word.value}"


def code_answered(subject: str) -> str:
    """The outage that a subject made by a button of the kick-off answers; "" for any other."""
    found = _SUBJECT.fullmatch(subject)
    return found.group(1).upper() if found else ""


def answer_in(subject: str, text: str) -> Confirmed | None:
    """What a mail answers to the kick-off: by its subject, made by a button, with the text as the
    reason; else by the first word of the text. None where neither says it."""
    if by_button := _SUBJECT.fullmatch(subject):
        return Confirmed(_word(by_button.group(2)), without_prefill(text))
    opening = _OPENING.match(text)
    if opening is None:
        return None
    return Confirmed(_word(opening.group(1)), " ".join(text[opening.end() :].split()))


def without_prefill(text: str) -> str:
    """What somebody wrote behind the “Because:” of a button’s mail, in one line."""
    return " ".join(_PREFILLED.sub("", text).split())


def _word(said: str) -> Word:
    said = said.casefold()
    return Word(said) if said in ("yes", "no") else Word.CANNOT


def answer_call(reply_id: str) -> str:
    """What a call is for that tells whoever replied what they are answered."""
    return f"{ANSWER_CALL}/{reply_id}"


def is_call(what: str) -> bool:
    """Somebody is told something by phone; it asks nothing of the kick-off."""
    return what == CANCEL_CALL or what.startswith(ANSWER_CALL)
