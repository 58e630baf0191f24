"""Who of the crew asks for help is told wherever the coordinator looks, until they were heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services.crew.asking import CallForHelp, asking_now
from app.services.events import ChangedElsewhere, CrewChanged, LiveChanged, StepsChanged, TakenBack
from app.views.live.page import LivePage

if TYPE_CHECKING:
    from app.wiring.window import Window

_MAY_CHANGE_IT = CrewChanged | ChangedElsewhere | LiveChanged | StepsChanged | TakenBack


class CrewHelp(QObject):
    """What was asked before the console began stands on Today, and is not told again."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        assert window.ops is not None and window.bridge is not None
        self._shell, self._ops = window.shell, window.ops
        self._known: dict[str, CallForHelp] | None = None
        self._ops.look(asking_now, then=self._on_asking)
        window.bridge.happened.connect(self._on_event)

    def _on_event(self, event: object) -> None:
        if isinstance(event, _MAY_CHANGE_IT):
            self._ops.look(asking_now, then=self._on_asking)

    def _on_asking(self, calls: Sequence[CallForHelp]) -> None:
        now = {call.key: call for call in calls}
        known, self._known = self._known, now
        if known is None:
            return
        for key, call in known.items():
            if key not in now:
                self._shell.notify.withdraw(call.sentence)
        for key, call in now.items():
            if key not in known and not self._is_seen(call):
                to_live = ("Go to Live", lambda call=call: self._go(call))
                self._shell.notify.error(call.sentence, action=to_live)

    def _is_seen(self, call: CallForHelp) -> bool:
        """Live shows it already."""
        page = self._shell.page("live")
        return isinstance(page, LivePage) and page.isVisible() and page.outage_id == call.outage_id

    def _go(self, call: CallForHelp) -> None:
        self._shell.goto("live", call.outage_id)
