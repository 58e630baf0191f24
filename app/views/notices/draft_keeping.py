"""The draft is kept while it is written, beside another console that may write it, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError, Stale
from app.models.notices.kinds import NoticeKind
from app.services.events import NoticesChanged
from app.services.notices.composing import Composed
from app.services.notices.drafting import CLASH, NO_DRAFT, DraftWords, only_what_changed
from app.services.notices.sending import save_draft
from app.views.notices.composer_card import ComposerCard
from app.views.notify import CountsDown
from app.views.ops import Ops


class Tells(CountsDown, Protocol):
    """The same, and what is no longer so goes."""

    def withdraw(self, sentence: str, /) -> object: ...


class DraftKeeping:
    """`look` is called to show what another console wrote."""

    def __init__(
        self,
        ops: Ops,
        notify: Tells,
        composer: ComposerCard,
        owner: QWidget,
        look: Callable[[], object],
    ) -> None:
        self._ops = ops
        self._notify = notify
        self._composer = composer
        self._owner = owner
        self._look = look
        self._own = 0
        self._about: tuple[str, NoticeKind] | None = None
        self._seen = self._shown = NO_DRAFT
        self._insist = self._failing = False

    def is_own(self, event: object, outage_id: str) -> bool:
        """Asked once for each event: whether it is only what was kept from here."""
        own = isinstance(event, NoticesChanged) and event.outage_id == outage_id and self._own > 0
        self._own -= own
        return own

    def forget(self) -> None:
        """Another outage is shown."""
        self._own = 0

    def show(self, composed: Composed) -> None:
        """The editors show it as it is kept."""
        self._about = composed.outage_id, composed.kind
        self._seen = self._shown = composed.kept
        if not self._composer.dirty:  # else words came back that could not be kept before
            self._shown = self._typed()
        self._insist = self._failing = False

    def keep(self, composed: Composed, *, whole: bool = False) -> None:
        """With `whole` just as it stands here, as it is about to leave so."""
        about = composed.outage_id, composed.kind
        typed, shown, seen = self._typed(), self._shown, self._seen
        mine = (typed if whole else only_what_changed(typed, shown, seen)).tidied()
        words = self._composer.hand_over()
        insist = self._insist
        self._seen, self._shown = mine, typed
        self._own += 1

        def kept(_undo: object) -> None:
            self._insist = self._failing = False
            self._notify.withdraw(CLASH)
            self._composer.was_kept(composed)

        def failed(error: ConsoleError) -> None:
            is_stale = isinstance(error, Stale)
            action = ("Take theirs", self._take_theirs) if is_stale else None
            self._notify.error(error.sentence, action=action)
            self._own = max(0, self._own - 1)
            if about == self._about:
                if not self._failing:  # what followed was begun from words that are not kept
                    self._failing, self._seen, self._shown = True, seen, shown
                self._insist = self._insist or is_stale
            self._composer.was_refused(composed, words)

        self._ops.run(
            save_draft,
            composed.outage_id,
            composed.kind,
            subject=mine.subject,
            body=mine.body,
            extra=mine.extra,
            seen=None if whole else seen,
            insist=insist,
            then=kept,
            failed=failed,
            owner=self._owner,
        )

    def _take_theirs(self) -> None:
        self._composer.let_go()
        self._look()

    def _typed(self) -> DraftWords:
        return DraftWords(*self._composer.typed(), self._composer.fields.extra())
