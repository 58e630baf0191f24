"""What was typed into templates and not saved yet, kept in the store when typing rests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.models.errors import ConsoleError
from app.models.notices.kinds import NoticeKind
from app.services.notices.template import TemplateSource
from app.services.notices.template_typed import TypedTemplate, keep_typed_template
from app.services.notices.templates import TemplatePage
from app.views.ops import Ops
from app.views.widgets.settling import settling

REST_MS = 1_500
Place = tuple[NoticeKind, str]


class TypedTemplates(QObject):
    """By kind and service, for one card. What the store held is taken over once."""

    def __init__(self, parent: QObject, ops: Ops) -> None:
        super().__init__(parent)
        self._ops = ops
        self._typed: dict[Place, TypedTemplate] = {}
        self._read: set[Place] = set()
        self._unkept: set[Place] = set()
        self._in_hand = 0
        self._then: list[Callable[[], object]] = []
        self._rest = settling(self, REST_MS, self.keep_now)

    def of(self, page: TemplatePage) -> TypedTemplate | None:
        place = page.kind, page.service_id
        if place not in self._read and page.typed is not None:
            self._typed.setdefault(place, page.typed)
        self._read.add(place)
        return self._typed.get(place)

    def type(self, page: TemplatePage, source: TemplateSource) -> None:
        """What was typed stays with the revision that was seen when it was begun."""
        place = page.kind, page.service_id
        was = self._typed.pop(place, None)
        if source != page.source:
            self._typed[place] = TypedTemplate(source, was.seen if was else page.revision)
        self._unkept.add(place)
        self._rest.start()

    def begin_anew(self, page: TemplatePage, source: TemplateSource) -> None:
        """As a change of the revision that `page` shows."""
        self.forget(page)
        self.type(page, source)

    def forget(self, page: TemplatePage) -> None:
        """It was saved, or is not wanted."""
        place = page.kind, page.service_id
        if self._typed.pop(place, None) is not None:
            self._unkept.add(place)
            self.keep_now()

    def keep(self, then: Callable[[], object]) -> bool:
        """As `Keeps` asks."""
        self.keep_now()
        if self._in_hand:
            self._then.append(then)
        return self._in_hand > 0

    def keep_now(self) -> None:
        self._rest.stop()
        places, self._unkept = self._unkept, set()
        for place in places:
            self._in_hand += 1
            self._ops.run(
                keep_typed_template,
                *place,
                self._typed.get(place),
                then=lambda _nothing: self._answered(),
                failed=partial(self._refused, place),
                owner=self,
            )

    def _refused(self, place: Place, _error: ConsoleError) -> None:
        """Tried again with the next key, and on leaving."""
        self._unkept.add(place)
        self._answered()

    def _answered(self) -> None:
        self._in_hand -= 1
        if not self._in_hand:
            waiting, self._then = self._then, []
            for then in waiting:
                then()
