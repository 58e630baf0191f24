"""Which notices a template is for: every one of its kind, or those of one service."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from app.models.notices.kinds import NoticeKind
from app.services.notices.templates import TemplatePage
from app.views.widgets.wheels import calm


class TemplatePlace(QComboBox):
    """`picked` when somebody chooses another."""

    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Which notices it is for")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(22)
        calm(self)
        self.currentIndexChanged.connect(lambda _at: self.picked.emit())

    @property
    def service_id(self) -> str:
        """Empty: every notice of the kind."""
        return str(self.currentData() or "")

    def show_kind(self, kind: NoticeKind) -> None:
        """Every notice of it; the services follow with `show_page`."""
        held = self.blockSignals(True)
        self.clear()
        self.addItem(f"Every {kind.words.lower()}", "")
        self.blockSignals(held)

    def show_page(self, page: TemplatePage) -> None:
        held = self.blockSignals(True)
        self.show_kind(page.kind)
        for each in page.services:
            more = f" · {each.sub}" if each.sub else ""
            self.addItem(f"Only for {each.name}{more}", each.id)
        self.setCurrentIndex(max(0, self.findData(page.service_id)))
        self.blockSignals(held)
