"""One link: its QR code and address, who holds it, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.models.crew.links import LinkKind
from app.services.crew.desk import CrewDesk, DeskRow
from app.services.crew.reached import Otherwise
from app.views.crew.serves import Standing
from app.views.crew.words import TITLES, heard
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button, opens_menu
from app.views.widgets.qr import QrPicture

SIDE = 232
_SECRET = (
    "Whoever has this link reports in the name of {name}. Show it to nobody else; a new one makes "
    "this one open nothing."
)
_SHARED = "Anybody may have this link: it only shows, and changes nothing."


class LinkCard(Card):
    """`renewWanted`, `revokeWanted` and `otherwiseWanted(how or empty)` are about the row shown."""

    renewWanted = Signal()
    revokeWanted = Signal()
    otherwiseWanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("Link")
        self._url = ""
        self.body.setSpacing(px(8))
        self.picture = QrPicture(SIDE)
        self.body.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self.address = Words("", "mono", wrap=True)
        self.body.addWidget(self.address)
        self.said = Words("", "muted", wrap=True)
        self.body.addWidget(self.said)
        self.state = Words("", wrap=True)
        self.body.addWidget(self.state)
        line = QWidget()
        acts = FlowLayout(line, 8)
        self.copy = button("Copy link", self.copy_link, tip="C")
        self.renew = button("New link", self.renewWanted.emit, tip="The old one opens nothing then")
        self.revoke = button("Revoke", self.revokeWanted.emit, tip="It opens nothing from now on")
        self.reports = button("Reports on the board", spoken="How they report")
        menu = QMenu(self.reports)
        for words, how in (
            ("On the board", ""),
            ("By phone", Otherwise.PHONE.value),
            ("By mail", Otherwise.MAIL.value),
        ):
            menu.addAction(words).triggered.connect(
                lambda _checked=False, how=how: self.otherwiseWanted.emit(how)
            )
        opens_menu(self.reports, menu)
        for made in (self.copy, self.reports, self.renew, self.revoke):
            acts.addWidget(made)
        self.body.addWidget(line)
        self.body.addStretch(1)

    def copy_link(self) -> None:
        if self._url:
            QGuiApplication.clipboard().setText(self._url)
            self.copy.setText("Copied")

    def show_row(self, row: DeskRow, desk: CrewDesk, standing: Standing) -> None:
        """`standing` says where it is served; else where it was last."""
        link = row.link
        base = (standing.serving or desk.served.serving).base
        url = base + link.path
        if url != self._url:
            self._url = url
            self.copy.setText("Copy link")
        name = TITLES.get(link.kind, link.name)
        self.show_as(name, link.phone)
        self.picture.show_text(url, f"QR code of the link for {link.name}")
        self.address.setText(_breakable(url))
        self.address.setAccessibleName(url)
        crew = link.kind is LinkKind.CREW
        self.said.setText(_SECRET.format(name=link.name) if crew else _SHARED)
        said = heard(row, desk)
        self.state.setText(f"{said[0].upper()}{said[1:]}." if crew else "")
        self.state.setVisible(crew)
        self.reports.setVisible(crew)
        self.reports.setText(f"Reports by {row.by}" if row.by else "Reports on the board")


def _breakable(url: str) -> str:
    """May end a line anywhere, so that it never makes the panel wider. To be copied there is a
    button: what is selected here would hold the marks, too."""
    return "\u200b".join(url)
