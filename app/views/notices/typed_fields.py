"""What only a person knows of a kind of notice: a few fields, empty where the console knows."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.models.errors import BadInput
from app.models.notices.kinds import NoticeKind
from app.models.times import speak_moment, to_wall
from app.services.notices.composing import Composed, NoticeExtra
from app.services.notices.typed_values import Typed, put
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.panels import clear, tab_here

LABELS = {
    Typed.REASON: "Why, in a sentence for people",
    Typed.PROGRESS: "Where it stands, in a sentence",
    Typed.NEXT_UPDATE: "Next update at (21:45, or 2025-01-10 21:45)",
    Typed.LEFT_OVER: "What people will not have yet (several apart by ;)",
    Typed.NEW_DATE_BY: "New date announced by (2025-01-17)",
    Typed.DESK_ANSWER: "What the desk answers callers",
    Typed.DATA_LOSS: "What data was lost (or: none)",
}
ANSWERS = {
    "data_loss": Typed.DATA_LOSS,
    "new_date": Typed.NEW_DATE_BY,
    "next_update": Typed.NEXT_UPDATE,
    "heard_next": Typed.NEW_DATE_BY,
    "left_over": Typed.LEFT_OVER,
}
"""The field that mends what a rule misses."""
ASKED: dict[NoticeKind, tuple[Typed, ...]] = {
    NoticeKind.EXTENDED: (Typed.NEXT_UPDATE, Typed.REASON),
    NoticeKind.DELAYED: (Typed.NEXT_UPDATE, Typed.REASON),
    NoticeKind.PROGRESS: (Typed.PROGRESS, Typed.NEXT_UPDATE),
    NoticeKind.RESCHEDULED: (Typed.REASON,),
    NoticeKind.CANCELLED: (Typed.REASON, Typed.NEW_DATE_BY),
    NoticeKind.ALL_CLEAR: (Typed.DATA_LOSS,),
    NoticeKind.PARTLY_DONE: (
        Typed.LEFT_OVER,
        Typed.REASON,
        Typed.NEW_DATE_BY,
        Typed.NEXT_UPDATE,
        Typed.DATA_LOSS,
    ),
    NoticeKind.BACKED_OUT: (
        Typed.REASON,
        Typed.LEFT_OVER,
        Typed.NEW_DATE_BY,
        Typed.NEXT_UPDATE,
        Typed.DATA_LOSS,
    ),
    NoticeKind.SERVICE_DESK_BRIEF: (Typed.DESK_ANSWER,),
    NoticeKind.DIGEST: (Typed.PROGRESS,),
}


class TypedFields(QWidget):
    """`changed` as something is typed; `extra()` is what was, and refuses in place."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(8))
        self._fields: dict[Typed, Field] = {}
        self._zone = "UTC"
        self._near = datetime(2000, 1, 1, tzinfo=UTC)
        self._kept = NoticeExtra()
        self._about = ("", "")

    def show_for(self, composed: Composed, *, enabled: bool) -> None:
        """The fields of this kind; what the console would say stands in them in grey. What has
        left shows those that were filled: nothing is asked any more."""
        self._zone, self._near, self._kept = composed.zone, composed.leaves_at, composed.extra
        spoken = {what: _spoken(composed.extra, what, self._zone) for what in asked(composed)}
        shown = {what: text for what, text in spoken.items() if text or enabled}
        about = composed.outage_id, composed.kind.value
        if about != self._about or list(shown) != list(self._fields):
            self._about = about
            self._make(shown)
        for what, text in shown.items():
            editor = self.editor(what)
            if not self._says(what, editor):
                editor.setText(text)
            editor.setPlaceholderText(_known(composed, what))
            editor.setEnabled(enabled)

    def _make(self, shown: dict[Typed, str]) -> None:
        clear(self._box)
        self._fields.clear()
        for what, text in shown.items():
            editor = QLineEdit(text)
            editor.textEdited.connect(lambda _text: self.changed.emit())
            self._fields[what] = field = Field(LABELS[what], editor)
            self._box.addWidget(field)
        self.setVisible(bool(self._fields))
        tab_here(self)

    def _says(self, what: Typed, editor: QLineEdit) -> bool:
        """Whether what is kept stands there, in whatever words; so does what is half typed."""
        try:
            return (
                put(self._kept, what, editor.text().strip(), self._zone, self._near) == self._kept
            )
        except BadInput:
            return editor.hasFocus()

    def go_to(self, rule: str) -> bool:
        """Into the field that mends what `rule` misses; False when none is shown."""
        field = self._fields.get(ANSWERS[rule]) if rule in ANSWERS else None
        if field is not None:
            field.editor.setFocus()
        return field is not None

    def editor(self, what: Typed) -> QLineEdit:
        found = self._fields[what].editor
        assert isinstance(found, QLineEdit)
        return found

    def extra(self) -> NoticeExtra:
        """What cannot be read is refused in its field and left as it was."""
        made = self._kept
        for what, field in self._fields.items():
            text = self.editor(what).text().strip()
            try:
                made = put(made, what, text, self._zone, self._near)
                field.accept()
            except BadInput as error:
                field.refuse(error.sentence, focus=False)
        return made


def asked(composed: Composed) -> tuple[Typed, ...]:
    """What the console does not know for certain: a loss stated with the all-clear stands."""
    wanted = ASKED.get(composed.kind, ())
    stated = composed.facts is not None and composed.facts.data_loss
    if stated and not composed.extra.data_loss:
        return tuple(what for what in wanted if what is not Typed.DATA_LOSS)
    return wanted


def can_answer(composed: Composed, rule: str) -> bool:
    return ANSWERS.get(rule) in asked(composed)


def _spoken(extra: NoticeExtra, what: Typed, zone: str) -> str:
    """As it was typed."""
    if what is Typed.NEXT_UPDATE:
        moment = extra.next_update
        return f"{to_wall(moment, zone):%Y-%m-%d %H:%M}" if moment else ""
    if what is Typed.NEW_DATE_BY:
        return extra.new_date_by.isoformat() if extra.new_date_by else ""
    if what is Typed.LEFT_OVER:
        return "; ".join(extra.left_over)
    return {
        Typed.REASON: extra.reason,
        Typed.PROGRESS: extra.progress,
        Typed.DESK_ANSWER: extra.desk_answer,
        Typed.DATA_LOSS: extra.data_loss,
    }[what]


def _known(composed: Composed, what: Typed) -> str:
    """What stands in the notice when nothing is typed."""
    facts = composed.facts
    if facts is None:
        return ""
    if what is Typed.NEXT_UPDATE:
        return speak_moment(facts.next_update, composed.zone) if facts.next_update else ""
    if what is Typed.NEW_DATE_BY:
        return facts.new_date_by.isoformat() if facts.new_date_by else ""
    return {
        Typed.REASON: facts.reason,
        Typed.PROGRESS: facts.progress,
        Typed.DESK_ANSWER: facts.desk_answer,
        Typed.DATA_LOSS: facts.data_loss,
        Typed.LEFT_OVER: "; ".join(facts.left_over),
    }[what]
