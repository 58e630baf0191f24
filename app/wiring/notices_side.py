"""The notices over all outages, and the templates they begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.services.uow import Undo
from app.views.notices.page import NoticesPage
from app.views.notices.templates_page import TemplatesPage
from app.views.ops import Ops
from app.views.shell import Section
from app.views.widgets.remembering import remember_panes

if TYPE_CHECKING:
    from app.wiring.palette import Going
    from app.wiring.window import Window

TEMPLATES = "templates"


class NoticesSide:
    """`to_notice(outage id, kind)` opens one in its outage's workspace."""

    def __init__(
        self,
        window: Window,
        ops: Ops,
        on_undo: Callable[[Undo], object],
        to_notice: Callable[[str, str], object],
    ) -> None:
        assert window.bridge is not None
        self._window, self._shell, self._ops = window, window.shell, ops
        self._happened = window.bridge.happened
        self._on_undo, self._to_notice = on_undo, to_notice

    def sections(self) -> tuple[Section, ...]:
        """The templates are reached from the notices."""
        page = self._templates_page
        return (Section(TEMPLATES, "Templates", "envelope-simple", page, within="notices"),)

    def notices_page(self) -> NoticesPage:
        page = NoticesPage(self._ops, self._window.clock.now)
        page.chosen.connect(self._to_notice)
        page.templatesWanted.connect(lambda: self._shell.goto(TEMPLATES))
        page.counted.connect(
            lambda count: self._shell.set_count("notices", str(count or ""), f"{count} owed")
        )
        self._happened.connect(page.on_event)
        return page

    def _templates_page(self) -> TemplatesPage:
        page = TemplatesPage(self._ops, self._on_undo)
        self._happened.connect(page.on_event)
        remember_panes(page.split, "templates", self._window.settings)
        return page

    def offer(self, going: Going) -> None:
        """In the palette."""
        going.offer(
            "Templates of notices",
            "edit, history, try on any outage",
            lambda: self._shell.goto(TEMPLATES),
            when=lambda: self._shell.has_section(TEMPLATES),
        )
