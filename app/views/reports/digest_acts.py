"""The executive digest of a period: asked for, looked at, printed, or saved as a mail."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.models.reports.digest import Digest, digest_document
from app.models.reports.periods import Period
from app.services.notices.eml import EmlFile
from app.services.reports.digest import NO_LEADERS, digest_mails, digest_of, usual_digests
from app.services.reports.files import leave_file
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.reports.document_acts import DocumentActs
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

_AS = (
    ("preview", "pages to look at and print"),
    ("mail", "a mail to the leaders (.eml)"),
    ("pdf", "PDF"),
    ("markdown", "Markdown, for a wiki"),
)


class DigestActs(QObject):
    """`shown` gives the period that is looked at, which is offered, too."""

    def __init__(
        self,
        ops: Ops,
        tell: Telling,
        acts: DocumentActs,
        shown: Callable[[], Period | None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._ops = ops
        self._tell = tell
        self._acts = acts
        self._shown = shown
        self._window = window

    def ask(self) -> None:
        """Which period, and as what."""
        self._ops.read(usual_digests, then=self._ask, owner=self)

    def _ask(self, usual: tuple[Period, ...]) -> None:
        shown = self._shown()
        offered = (*usual, *(() if shown is None else (shown,)))
        choices = tuple((str(n), f"{p.words}: {p.span}") for n, p in enumerate(offered))
        sheet = Sheet(
            self._window,
            "Executive digest",
            "What was flown and how it went, and what is coming, on one page for the leaders.",
            (
                Ask("period", "Of", Kind.CHOICE, "0", choices=choices),
                Ask("form", "As", Kind.CHOICE, "preview", choices=_AS),
            ),
            "Make it",
        )

        def answered(answers: Answers) -> None:
            sheet.accept()
            self._make(offered[int(answers["period"])], answers["form"])

        sheet.answered.connect(answered)
        sheet.open()

    def _make(self, period: Period, form: str) -> None:
        days = (period.since, period.last)
        if form == "mail":
            self._ops.read(digest_mails, *days, then=self._save_mails, owner=self)
            return
        self._ops.read(digest_of, *days, then=lambda found: self._show(found, form), owner=self)

    def _show(self, found: Digest, form: str) -> None:
        document, kpi = digest_document(found), found.kpi
        name = f"executive digest {kpi.since.isoformat()} {kpi.last.isoformat()}"
        if form == "pdf":
            self._acts.save_pdf(document, name)
        elif form == "markdown":
            self._acts.save_markdown(document, name)
        else:
            self._acts.preview(document)

    def _save_mails(self, mails: tuple[EmlFile, ...]) -> None:
        """Of more than 500 leaders there are several."""
        if not mails:
            self._tell.error(NO_LEADERS)
        for mail in mails:
            self._acts.save(mail.filename, "Mail", partial(_leave, mail.content()))


def _leave(content: bytes, path: Path) -> None:
    leave_file(path, content)
