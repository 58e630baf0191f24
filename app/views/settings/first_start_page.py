"""The first start: try the sample hospital, or begin with an organisation of one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import available_timezones

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import BadInput, ConsoleError
from app.models.times import zone
from app.services.directory.csv_template import save_csv_templates
from app.services.directory.setting_up import set_up_organisation
from app.services.working import Work
from app.views.ops import Ops
from app.views.page import Page
from app.views.settings.own_zone import own_zone
from app.views.theme import px
from app.views.widgets.abreast import Abreast
from app.views.widgets.choosers import finds_zones
from app.views.widgets.folders import documents
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.working import WorkBar

WIDTH = 460
"""Of each of the choices, in design pixels."""
GAP = 16

_INTRODUCTION = (
    "Flight Console leads scheduled outages from the calendar to the filed record: it plans them, "
    "tells people, runs the window and writes down what changed. Everything lies in this folder "
    "on this computer, and nothing leaves it unless you send it. Look around in the sample first, "
    "or begin with your own organisation."
)


class FirstStartPage(Page):
    """`ops` runs on the store, `beside` on a thread of its own, where `sample` may take seconds.

    `begun` is called once the store has an organisation and the user goes on to Today; `go_import`
    when the user goes on to import files instead. `going_on` offer to go on from another console.
    """

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        sample: Callable[[Work], object],
        begun: Callable[[], object],
        go_import: Callable[[], object],
        *going_on: Card,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._beside = beside
        self._sample = sample
        self._begun = begun
        self._go_import = go_import
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(22), px(18), px(22), px(18))
        whole.setSpacing(px(16))
        welcome = Words(_INTRODUCTION, wrap=True)
        welcome.setMaximumWidth(px(2 * WIDTH + 16))
        whole.addWidget(welcome)
        cards = [self._sample_card(), self._own_card(), *going_on]
        choices = Abreast(*cards, gap=GAP)
        choices.setMaximumWidth(px(WIDTH * len(cards) + GAP * (len(cards) - 1)))
        whole.addWidget(choices)
        whole.addStretch(1)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(
                QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            ).activated.connect(self.start_mine)

    @property
    def title(self) -> str:
        return "Welcome"

    @property
    def context(self) -> str:
        return "how to begin"

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Ctrl+Enter", "start with your own organisation"),)

    def activate(self, *args: object) -> None:
        self.try_sample.setFocus()

    def _sample_card(self) -> Card:
        card = Card("Try the sample hospital")
        card.body.setSpacing(px(12))
        card.body.addWidget(
            Words(
                "An invented hospital’s IT with services, technicians and outages in every state, "
                "dated from today. Practise on it: nobody is told anything.",
                "muted",
                wrap=True,
            )
        )
        self.try_sample = button("Try the sample hospital", self._on_sample, tone="primary")
        self.work = WorkBar("Setting up the sample hospital")
        self._sample_words = Words("", "sub", wrap=True)
        self._sample_words.hide()
        card.body.addWidget(self.try_sample, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addWidget(self.work)
        card.body.addWidget(self._sample_words)
        return card

    def _own_card(self) -> Card:
        card = Card("Start mine", "then import your lists")
        card.body.setSpacing(px(12))
        self.name = QLineEdit()
        self.name.setPlaceholderText("Harbour Hospital")
        self.zone = _zones()
        self.country = QLineEdit(_own_country())
        self.country.setMaxLength(2)
        self.country.setFixedWidth(px(64))
        self.subdivision = QLineEdit()
        self.subdivision.setFixedWidth(px(90))
        self._name_field = Field("What it is called", self.name)
        self._zone_field = Field("Time zone", self.zone, "Type a city to search: “london”.")
        self._country_field = Field("Country", self.country, "US, GB …", wide=False)
        self._subdivision_field = Field(
            "State or region", self.subdivision, "NY, ENG …; may be empty", wide=False
        )
        where = QHBoxLayout()
        where.setSpacing(px(16))
        where.addWidget(self._country_field, 0, Qt.AlignmentFlag.AlignTop)
        where.addWidget(self._subdivision_field, 1, Qt.AlignmentFlag.AlignTop)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(px(12))
        form.addWidget(self._name_field)
        form.addWidget(self._zone_field)
        form.addLayout(where)
        form.addWidget(
            Words(
                "The country is for its public holidays and its paper; it may be left out.",
                "small",
                wrap=True,
            )
        )
        self.start = button("Start mine", self.start_mine, tip="Ctrl+Enter")
        self.name.returnPressed.connect(self.zone.setFocus)
        self.name.textEdited.connect(self._name_field.accept)
        self.zone.editTextChanged.connect(self._zone_field.accept)
        self.country.textEdited.connect(self._country_field.accept)
        form.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addWidget(self._form)
        self._done = self._next_steps()
        self._done.hide()
        card.body.addWidget(self._done)
        return card

    def _next_steps(self) -> QWidget:
        """What is shown in place of the form once it was taken."""
        part = QWidget()
        box = QVBoxLayout(part)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(12))
        self._done_words = Words("", wrap=True)
        box.addWidget(self._done_words)
        box.addWidget(
            Words(
                "Import your people, services, configuration items and audiences as CSV files, "
                "and freezes and business events as .ics.",
                "muted",
                wrap=True,
            )
        )
        line = QHBoxLayout()
        line.setSpacing(px(10))
        self.to_import = button("Import lists…", lambda: self._go_import(), tone="primary")
        self.to_templates = button(
            "Save empty lists…",
            self.choose_templates,
            tip="CSV files with the columns the import knows, to fill in a spreadsheet",
        )
        self.to_today = button("Go to Today", lambda: self._begun())
        line.addWidget(self.to_import)
        line.addWidget(self.to_templates)
        line.addWidget(self.to_today)
        line.addStretch(1)
        box.addLayout(line)
        self._templates_words = Words("", "sub", wrap=True)
        self._templates_words.hide()
        box.addWidget(self._templates_words)
        return part

    def choose_templates(self) -> QFileDialog:
        """A folder for one empty CSV file a list, to be filled in a spreadsheet."""
        dialogue = QFileDialog(self, "Where should the empty lists be saved?", str(documents()))
        dialogue.setFileMode(QFileDialog.FileMode.Directory)
        dialogue.setOption(QFileDialog.Option.ShowDirsOnly)
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.fileSelected.connect(lambda name: self.save_templates(Path(name)))
        dialogue.open()
        return dialogue

    def save_templates(self, folder: Path) -> None:
        self._beside.run(
            save_csv_templates,
            folder,
            then=self._on_templates,
            failed=lambda refusal: self._say_of_templates(refusal.sentence),
            owner=self,
        )

    def _on_templates(self, saved: Sequence[Path]) -> None:
        names = ", ".join(path.name for path in saved)
        self._say_of_templates(f"Saved in {saved[0].parent}: {names}. Fill them in, then import.")

    def _say_of_templates(self, sentence: str) -> None:
        self._templates_words.setText(sentence)
        self._templates_words.show()

    def _on_sample(self) -> None:
        self.setFocus()  # or it would go to a field of the other way to begin
        self._set_working(True)
        self._say_of_sample("Setting up the hospital; this takes some seconds.")
        self._beside.run(
            self._sample,
            self.work.begin(),
            then=self._on_sample_made,
            failed=self._on_sample_refused,
            owner=self,
        )

    def _on_sample_made(self, _made: object) -> None:
        self.work.end()
        self._say_of_sample("The hospital is set up.")
        self._begun()

    def _on_sample_refused(self, refusal: ConsoleError) -> None:
        self.work.end()
        self._say_of_sample(refusal.sentence)
        self._set_working(False)
        self.try_sample.setFocus()

    def _say_of_sample(self, sentence: str) -> None:
        self._sample_words.setText(sentence)
        self._sample_words.show()

    def start_mine(self) -> None:
        """Set up the organisation typed; what is wrong is said under its field."""
        if not self.start.isEnabled() or self._form.isHidden():
            return
        self._set_working(True)
        for field in self._fields:
            field.accept()
        self._ops.run(
            set_up_organisation,
            self.name.text(),
            self.zone.currentText().strip(),
            self.country.text(),
            self.subdivision.text(),
            then=self._on_set_up,
            failed=self._on_refused,
        )

    @property
    def _fields(self) -> tuple[Field, ...]:
        return (
            self._name_field,
            self._zone_field,
            self._country_field,
            self._subdivision_field,
        )

    def _on_set_up(self, _organisation: object) -> None:
        self._done_words.setText(f"{' '.join(self.name.text().split())} is set up.")
        self._form.hide()
        self._done.show()
        self.to_import.setFocus()

    def _on_refused(self, refusal: ConsoleError) -> None:
        self._set_working(False)
        self._field_of(refusal).refuse(refusal.sentence)

    def _field_of(self, refusal: ConsoleError) -> Field:
        """Where the sentence belongs: it is about the first field that cannot be read."""
        if not self.name.text().strip() or not isinstance(refusal, BadInput):
            return self._name_field
        try:
            zone(self.zone.currentText().strip())
        except BadInput:
            return self._zone_field
        return self._country_field

    def _set_working(self, working: bool) -> None:
        self.try_sample.setEnabled(not working)
        self.start.setEnabled(not working)


def _zones() -> QComboBox:
    """Every IANA zone; typing any part of a name finds it."""
    made = QComboBox()
    made.setEditable(True)
    made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    made.setMinimumContentsLength(14)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    own = own_zone()
    made.addItems(sorted({each for each in available_timezones() if "/" in each} | {own, "UTC"}))
    made.setCurrentText(own)
    finds_zones(made)
    return made


def _own_country() -> str:
    """The two letters the computer is set to; empty when it is set to none."""
    own = QLocale.system().territory()
    return QLocale.territoryToCode(own) if own != QLocale.Country.AnyCountry else ""
