"""The sheet that asks for another window: move it, fly it again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.times import Window, zone_names
from app.views.outages.window_field import WindowField
from app.views.theme import px
from app.views.widgets.sheet import Ask, Sheet


class WindowSheet(Sheet):
    """`window_given()` None: what cannot be is said under the fields, and the sheet stays."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        words: str,
        window: Window,
        yes_words: str,
        *,
        why: bool = True,
        why_needed: str = "",
        asks: Sequence[Ask] = (),
    ) -> None:
        """`asks` stand below the window, in the place of the question why."""
        if why and not asks:
            asks = (Ask("why", "Why", needed=why_needed),)
        super().__init__(parent, title, words, asks, yes_words)
        self.setMinimumWidth(px(640))
        self.field = WindowField(zone_names(), window)
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.insertWidget(3, self.field)  # below its title and words
        self.field.start.setFocus()

    def window_given(self) -> Window | None:
        window = self.field.window_given()
        if window is None:
            self.yes.setEnabled(True)
        return window
