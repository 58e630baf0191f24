"""Choose a runbook for an outage, or save its steps as one of our own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.services.runbook.templates import save_template
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.runbook.template_picker import TemplatePicker
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet


class TemplateActs(QObject):
    def __init__(
        self, parent: QObject, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object]
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo

    def pick(self, parent: QWidget, outage_id: str) -> TemplatePicker:
        picker = TemplatePicker(parent, self._ops, outage_id, self._on_undo)
        picker.open()
        return picker

    def save(self, parent: QWidget, outage_id: str, title: str) -> Sheet:
        sheet = Sheet(
            parent,
            "Save the steps as a runbook",
            "People become their roles and CIs the parts they play. A name there is already gets "
            "a further revision; flights that use it keep their steps.",
            (
                Ask("name", "Name", value=title, needed="A runbook needs a name."),
                Ask("summary", "What it is for", Kind.TEXT),
            ),
            "Save it",
        )

        def answered(answers: Answers) -> None:
            def saved(undo: Undo) -> None:
                sheet.accept()
                self._on_undo(undo)
                self._notify.info(f"The runbook “{answers['name']}” is there to be chosen.")

            self._ops.run(
                save_template,
                outage_id,
                answers["name"],
                answers["summary"],
                then=saved,
                failed=lambda error: sheet.refuse(error.sentence),
                owner=sheet,
            )

        sheet.answered.connect(answered)
        sheet.open()
        return sheet
