"""What an answer to a notice most likely is: offered to the person who sorts, never decided."""

from __future__ import annotations

import re

from app.models.notices.replies import ReplyKind

_QUOTED = re.compile(
    r"^(?:>|-{2,}\s*Original Message|_{5,}\s*$|From:\s|Sent:\s|On .{4,90} wrote:\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
_OBJECTION = re.compile(
    r"\b(?:can ?not|can['’]t|could you (?:please )?(?:move|postpone|delay)|postpone|reschedul\w*|"
    r"(?:not|isn['’]t|won['’]t be) (?:possible|acceptable|good|ok|okay)|interfer\w*|conflict\w*|"
    r"clash\w*|collid\w*|object(?:s|ion)?\b|another (?:day|night|time|weekend)|"
    r"critical (?:work|run|deadline)|time[- ]critical|deadline|please (?:do )?not|must not|"
    r"we need (?:it|the|this)|impossible|unacceptable)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\?|^(?:what|when|will|how|who|which|does|do|can|could|is|are|should)\b",
    re.IGNORECASE | re.MULTILINE,
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|cheers|noted|ok(?:ay)?|got it|understood|fine (?:by|with) (?:me|us)|"
    r"works for (?:me|us)|no (?:problem|objection|issue)s?)\b",
    re.IGNORECASE,
)
_NO_OBJECTION = re.compile(r"\bno (?:objections?|conflicts?|problems?|issues?)\b", re.IGNORECASE)
SHORT = 160
"""A thank-you is short; a long mail with “thanks” at its end says something else."""


def own_words(text: str) -> str:
    """What they wrote themselves: without the mail they answer and what follows it."""
    found = _QUOTED.search(text)
    own = text[: found.start()] if found else text
    return own.strip() or text.strip()


def guess(text: str) -> ReplyKind:
    """UNSORTED where nothing speaks for a kind."""
    own = own_words(text)
    without = _NO_OBJECTION.sub("", own)
    if _OBJECTION.search(without):
        return ReplyKind.OBJECTION
    if _ASKING.search(without):
        return ReplyKind.QUESTION
    if _THANKS.search(own) and len(own) <= SHORT:
        return ReplyKind.THANKS
    return ReplyKind.UNSORTED
