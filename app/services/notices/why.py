"""Why its readers receive a notice, in one sentence under it.

Nobody sees who else receives it, so one message names the reasons of all of its readers: each
finds their own among them. Many readers share few reasons; a list that would be longer than the
notice is cut off and says so.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from app.models.notices.kinds import NoticeKind
from app.models.notices.wording import clean_line, in_sentence, with_the
from app.services.notices.audiences import Recipient
from app.services.notices.recipients import Hearing
from app.services.notices.rendering import Rendered

MOST = 12
"""Reasons of one sort that are named."""
_SORTS = ("because you use ", "because you are one of ", "because you lead ")


def said_why(heard: Hearing, kind: NoticeKind, audiences: tuple[str, ...]) -> Hearing:
    """Each group with the sentence that stands under its notice. A reminder has none of its own:
    it stands under the original, which is forwarded; who works on the flight reads what their part
    is in the text; and a greeting of the one audience there is says it already."""
    if not kind.to_people or kind is NoticeKind.REMINDER:
        return heard
    greeted = f"because you are one of {audiences[0]}" if len(audiences) == 1 else ""
    groups = tuple(
        replace(group, because=because(group.recipients, greeted)) for group in heard.groups
    )
    return replace(heard, groups=groups)


def because(recipients: Iterable[Recipient], greeted: str = "") -> str:
    """`You receive this because you use PACS, or because you are one of Ward 3.`"""
    counted = Counter(r.why for r in recipients if r.why)
    reasons = [why for why, _ in counted.most_common()]
    if not reasons or reasons == [greeted]:
        return ""
    parts: list[str] = []
    for sort in _SORTS:
        named = [why.removeprefix(sort) for why in reasons if why.startswith(sort)]
        if named:
            parts.append(sort + _either(_named(name, sort) for name in named))
    parts += [clean_line(why) for why in reasons if not why.startswith(_SORTS)][:MOST]
    return f"You receive this {', or '.join(parts)}."


def under(rendered: Rendered, sentence: str) -> Rendered:
    """The notice with the sentence below it."""
    if not sentence:
        return rendered
    return replace(
        rendered,
        text=f"{rendered.text}\n\n{sentence}",
        html=f"{rendered.html}\n<hr>\n<p><em>{html.escape(sentence)}</em></p>",
    )


def _named(name: str, sort: str) -> str:
    """A service that is a common noun has its article, a name has none."""
    said = in_sentence(clean_line(name))
    return with_the(said) if sort == _SORTS[0] and said[:1].islower() else said


def _either(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    more = len(found) - MOST
    if more > 1:
        found = [*found[:MOST], f"{more} other{'s' if more > 1 else ''}; ask operations which"]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
