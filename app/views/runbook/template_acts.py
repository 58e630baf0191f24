"""Choose a runbook for an outage, or save its steps as one of our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.models.runbook import RunbookTemplate
from app.services.reports.files import leave_file
from app.services.runbook.files import runbook_text
from app.services.runbook.shelf import steps_as_runbook
from app.services.runbook.templates import save_template
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.runbook.template_picker import TemplatePicker
from app.views.runbook.template_rows import FORMS
from app.views.widgets.saving import SavePlace
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet


class TemplateActs(QObject):
    def __init__(
        self, parent: QObject, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object]
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._place = SavePlace()

    def pick(self, parent: QWidget, outage_id: str) -> TemplatePicker:
        picker = TemplatePicker(parent, self._ops, outage_id, self._on_undo)
        picker.open()
        return picker

    def export(self, parent: QWidget, outage_id: str) -> None:
        """The steps of this flight, as a runbook's file."""

        def ask(template: RunbookTemplate) -> None:
            def write(path: Path) -> None:
                try:
                    leave_file(path, runbook_text(template, path).encode("utf-8"))
                except ConsoleError as trouble:
                    self._notify.error(trouble.sentence)
                else:
                    self._notify.info(f"The steps are saved as {path.name} in {path.parent}.")

            self._place.ask(parent, template.name, FORMS, write)

        self._ops.read(steps_as_runbook, outage_id, then=ask, owner=parent)

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
