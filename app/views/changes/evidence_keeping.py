"""Files of evidence on their way into the data folder, and opened from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QImage

from app.models.changes_evidence import Kept
from app.services.changes_evidence import evidence_file, keep_evidence, keep_evidence_file
from app.views.changes.evidence_field import PICTURE
from app.views.changes.review_form import ReviewForm
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.widgets.timeline_picture import png


def open_with_system(path: Path) -> bool:
    """False when no program of this machine would have it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class EvidenceKeeping:
    """`beside` runs what waits on a file; `folder` is the data folder."""

    def __init__(
        self,
        beside: Ops,
        folder: Path,
        notify: Telling,
        open_file: Callable[[Path], bool] = open_with_system,
    ) -> None:
        self._beside, self._folder, self._notify = beside, folder, notify
        self._open_file = open_file

    def serve(self, form: ReviewForm) -> None:
        """What is pasted or dropped there is kept, and named in its text."""

        def keep(work: Callable[..., Kept], *what: object) -> None:
            about = form.about

            def take(kept: Kept) -> None:
                if form.about == about:
                    form.files.take(kept)
                else:  # another record was chosen meanwhile
                    self._notify.error(f"{kept.name} was not added: choose its record, and again.")

            self._beside.run(work, self._folder, *what, then=take, owner=form)

        def file(paths: Sequence[Path]) -> None:
            for path in paths:
                keep(keep_evidence_file, path)

        def picture(image: QImage) -> None:
            keep(_keep_picture, image)

        form.evidence.filed.connect(file)
        form.evidence.pictured.connect(picture)
        form.files.wanted.connect(self.open)

    def open(self, kept: Kept) -> None:
        """With the system's program, once it is proven to be what was added."""
        self._beside.run(evidence_file, self._folder, kept, then=self._show)

    def _show(self, path: Path) -> None:
        if not self._open_file(path):
            self._notify.error(f"No program here opens {path.name}. It lies in {path.parent}.")


def _keep_picture(folder: Path, image: QImage) -> Kept:
    return keep_evidence(folder, PICTURE, png(image))
