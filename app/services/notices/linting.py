"""The checks of a notice for whoever writes it elsewhere: of what would leave, or of a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from app.models.errors import BadInput
from app.models.notices.forwarding import FORWARD_LINE
from app.models.notices.kinds import NoticeKind
from app.models.notices.lint import Finding, blocked, lint
from app.models.tables.outages import Outage
from app.services.notices.allowing import nobody_words
from app.services.notices.checking import sending_of
from app.services.notices.composing import compose
from app.services.notices.facts import NOTHING_TYPED, facts_of
from app.services.notices.gathering import Known, gather
from app.services.notices.recipients import Group, hearing
from app.services.notices.rendering import built_in, render
from app.services.uow import UnitOfWork

TEXT_LIMIT = 200_000
_SUBJECT = re.compile(r"\A\s*Subject:[ \t]*(?P<subject>[^\r\n]*)(?:\r?\n|\Z)\s*", re.IGNORECASE)
_FORWARDED = re.compile(r"\A(?:(?:fwd?|re|aw|wg):\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Linted:
    """Spans count characters of the plain text (of the subject where a finding is in it); those
    of a text given count characters of all that was given, its subject line included."""

    kind: NoticeKind
    text: str
    findings: tuple[Finding, ...]
    not_now: str = ""
    """What else stands in its way: where the flight is, or that there is nobody to tell."""

    @property
    def blocked(self) -> bool:
        return blocked(self.findings)


def lint_notice(uow: UnitOfWork, outage_id: str, kind: NoticeKind) -> Linted:
    """A query: what is wrong with the notice that would leave, or that waits. Raises NotAllowed
    for a reminder whose facts are no longer those people know."""
    composed = compose(uow, outage_id, kind)
    return Linted(
        kind, composed.text, composed.findings, composed.not_now or nobody_words(composed)
    )


def lint_text(
    uow: UnitOfWork, outage_id: str, given: str, kind: NoticeKind | None = None
) -> Linted:
    """A query: a plain text against the outage as it is now. Its first line may be
    `Subject: …`; without one nothing is said about the subject. A `kind` left out is told from
    its words. Raises BadInput for a text that is no notice by its length."""
    if len(given) > TEXT_LIMIT:
        raise BadInput(f"That text is longer than {TEXT_LIMIT:,} characters; it is no notice.")
    head = _SUBJECT.match(given)
    subject, body_at = (head["subject"].strip(), head.end()) if head else ("", 0)
    body = given[body_at:]
    known = gather(uow, uow.fetch(Outage, outage_id))
    kind = kind or kind_of(subject, body)
    group = _readers(known, kind)
    facts = facts_of(known, kind, NOTHING_TYPED, group)
    item = next((i for i in known.plan if i.kind is kind), None)
    sending = sending_of(known, max(known.now, item.due if item else known.now))
    named = subject if head else render(known.template(kind), facts).subject
    subject_at = head.start("subject") if head else 0
    return Linted(
        kind,
        given,
        tuple(
            _placed(finding, subject_at if finding.in_subject else body_at)
            for finding in lint(named, _same_length(body), kind, facts, sending)
            if head or not finding.in_subject
        ),
    )


def kind_of(subject: str, text: str) -> NoticeKind:
    """The kind whose built-in subject begins so; else the one of whose built-in sentences most
    stand in the text; a planned notice when it has none of them."""
    if FORWARD_LINE in text:
        return NoticeKind.REMINDER
    first = text.strip().partition("\n")[0]
    for said in (_FORWARDED.sub("", subject), first):
        for opening, kind in _openings():
            if said.casefold().startswith(opening):
                return kind
    whole = " ".join(text.split()).casefold()
    found = {
        kind: sum(weight for piece, weight in pieces.items() if piece in whole)
        for kind, pieces in _sentences().items()
    }
    return max(found, key=lambda kind: (found[kind], kind is NoticeKind.PLANNED))


@lru_cache(maxsize=1)
def _sentences() -> dict[NoticeKind, dict[str, float]]:
    """What each built-in text says between its values; what several say counts less."""
    said = {kind: _pieces(built_in(kind).body) for kind in NoticeKind}
    often = Counter(piece for pieces in said.values() for piece in pieces)
    return {kind: {piece: 1 / often[piece] for piece in said[kind]} for kind in NoticeKind}


def _pieces(body: str) -> frozenset[str]:
    bare = re.sub(r"\{[{%].*?[%}]\}|[*#]", "\0", body.casefold())
    pieces = (" ".join(piece.split()) for piece in re.split(r"\0|\n\s*\n", bare))
    return frozenset(piece for piece in pieces if piece.count(" ") >= 2)


@lru_cache(maxsize=1)
def _openings() -> tuple[tuple[str, NoticeKind], ...]:
    """What the built-in subjects begin with, up to their colon."""

    def of(kind: NoticeKind) -> Iterator[str]:
        words = re.sub(r"\{%.*?%\}", "|", built_in(kind).subject)
        head, colon, _ = words.partition(":")
        if colon:
            yield from (f"{part}:".casefold() for part in head.split("|") if part.strip())

    return tuple((opening, kind) for kind in NoticeKind for opening in of(kind))


def _readers(known: Known, kind: NoticeKind) -> Group:
    """All who would hear it, as one group; where everybody has, those it concerns."""
    heard = hearing(known, kind)
    first = heard.groups[0] if heard.groups else Group(())
    everyone = heard.recipients or (known.resolved.recipients if kind.to_people else ())
    return replace(first, recipients=everyone)


def _same_length(text: str) -> str:
    """Control characters as blanks, so that what is found stands at the same place."""
    return "".join(c if c == "\n" or c.isprintable() else " " for c in text)


def _placed(finding: Finding, at: int) -> Finding:
    if finding.span is None:
        return finding
    start, end = finding.span
    return replace(finding, span=(start + at, end + at))
