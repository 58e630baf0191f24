"""What two consoles write into one draft is put together, part by part."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

from app.models.errors import Stale
from app.models.tables.notices import Notice
from app.services.notices.facts import MANNER, NOTHING_TYPED, NoticeExtra
from app.services.notices.typed import typed_from


@dataclass(frozen=True, slots=True)
class DraftWords:
    """An empty `subject` or `body` is the template's; of a reminder `body` is the note."""

    subject: str = ""
    body: str = ""
    extra: NoticeExtra = NOTHING_TYPED

    def tidied(self) -> DraftWords:
        """As a draft keeps them."""
        return DraftWords(self.subject.strip(), self.body.strip("\n"), self.extra)


NO_DRAFT = DraftWords()
CLASH = (
    "Another console changed the same words of this draft a moment ago. What you typed is still "
    "here; it takes their place with your next key, or as you leave it."
)
T = TypeVar("T")
_PARTS = tuple(each.name for each in fields(NoticeExtra) if each.name not in MANNER)


def words_kept(draft: Notice | None) -> DraftWords:
    if draft is None:
        return NO_DRAFT
    return DraftWords(draft.subject, draft.source, typed_from(draft.note))


def put_together(
    mine: DraftWords, seen: DraftWords, kept: DraftWords, *, insist: bool = False
) -> DraftWords:
    """`kept` with what was changed between `seen` and `mine`. Raises Stale where both changed the
    same part, unless the one who types was told and does `insist`."""
    extra = replace(
        kept.extra,
        **{
            name: _part(*(getattr(each.extra, name) for each in (mine, seen, kept)), insist=insist)
            for name in _PARTS
        },
    )
    return DraftWords(
        _part(mine.subject, seen.subject, kept.subject, insist=insist),
        _part(mine.body, seen.body, kept.body, insist=insist),
        extra,
    )


def only_what_changed(typed: DraftWords, shown: DraftWords, seen: DraftWords) -> DraftWords:
    """`seen` with what was typed since the editors `shown` it, which may write it otherwise."""
    return put_together(typed, shown, seen, insist=True)


def _part(mine: T, seen: T, kept: T, *, insist: bool) -> T:
    if mine == seen:
        return kept
    if kept not in (seen, mine) and not insist:
        raise Stale(CLASH)
    return mine
