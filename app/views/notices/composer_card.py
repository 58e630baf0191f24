"""The notice as it is written: to whom, subject, text, what is still asked, and the checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from app.models.notices.chips import Run, source_of, written_out
from app.models.notices.chips import Words as Said
from app.models.notices.fields import fields
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.marking import Mark, marks_of, replaced
from app.models.notices.mending import ABOUT, WRITE, mended
from app.models.notices.reading import Finding
from app.services.notices.audiences import Recipient
from app.services.notices.chips import draft_source, runs_of, tidy
from app.services.notices.composing import OWN_WORDS, Composed, NoticeExtra
from app.services.notices.manner import manner_words
from app.services.notices.stored import Message
from app.views.notices.checks import Checks
from app.views.notices.chip_editor import ChipEditor
from app.views.notices.typed_fields import TypedFields
from app.views.notices.why_dialog import PILLS, groups
from app.views.page import UNKEPT
from app.views.theme import px
from app.views.widgets.flow import Flowing
from app.views.widgets.labels import Pill, Words, Wrapped
from app.views.widgets.panels import Card, button, rule
from app.views.widgets.tone import Tone

SEEN_MS = 250
KEPT_MS = 1_200
"""The preview follows when typing pauses; the draft is kept that long after the first key that
is not kept yet, whether typing pauses or not, and on leaving it."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What stands in the editors of a notice."""

    subject: str
    runs: tuple[Run, ...]
    extra: NoticeExtra


class ComposerCard(Card):
    """`edited` when the preview should follow, `paused` when the draft should be kept;
    `backWanted`: to the template's words; `waiveWanted`: a late notice let go by name.
    `asked("why")`: who receives it; `asked("manner")`: how it is sent."""

    asked = Signal(str)
    edited = Signal()
    paused = Signal()
    backWanted = Signal()
    waiveWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.composed: Composed | None = None
        self.dirty = False
        self.touched = 0
        self._refused: dict[tuple[str, NoticeKind], _Words] = {}
        self._in_hand = 0
        self._then: list[Callable[[], object]] = []
        self._unkept: dict[tuple[str, NoticeKind], str] = {}
        self._recipients: tuple[Recipient, ...] | None = None
        self._build()
        self._soon, self._later = QTimer(self), QTimer(self)
        for timer, pause, signal in (
            (self._soon, SEEN_MS, self.edited),
            (self._later, KEPT_MS, self.paused),
        ):
            timer.setSingleShot(True)
            timer.setInterval(pause)
            timer.timeout.connect(signal)

    def _build(self) -> None:
        self.body.setSpacing(px(8))
        to = QHBoxLayout()
        to.setSpacing(px(12))
        self.way = Words("To", "muted")
        self.way.setMinimumWidth(px(56))
        to.addWidget(self.way)
        self._chips = Flowing(6)
        to.addWidget(self._chips, 1)
        self.why = button(
            "why?", lambda: self.asked.emit("why"), tone="link", spoken="Who receives this, and why"
        )
        to.addWidget(self.why)
        self.manner = button(
            "how?",
            lambda: self.asked.emit("manner"),
            tone="link",
            spoken="How it is sent: sender, answers, objections, files",
            tip="Sender, answers, how to object, files",
        )
        to.addWidget(self.manner)
        self.body.addLayout(to)
        self.sent_how = Words("", "small", wrap=True)
        self.sent_how.hide()
        self.body.addWidget(self.sent_how)
        self.body.addWidget(rule())
        line = QHBoxLayout()
        line.setSpacing(px(12))
        label = Words("Subject", "muted")
        label.setMinimumWidth(px(56))
        line.addWidget(label)
        self.subject = QLineEdit()
        self.subject.setAccessibleName("Subject")
        self.subject.setMinimumHeight(px(28))
        self.subject.textEdited.connect(self._on_edit)
        line.addWidget(self.subject, 1)
        self.body.addLayout(line)
        self.fields = TypedFields()
        self.fields.changed.connect(self._on_edit)
        self.body.addWidget(self.fields)
        self.text = ChipEditor("Text of the notice")
        self.text.setMinimumHeight(px(120))
        self.text.edited.connect(self._on_edit)
        head = QHBoxLayout()
        self.hint = Wrapped("", "small")
        head.addWidget(self.hint, 1)
        self.back = button("Back to the template", self.backWanted.emit, tone="link")
        self.value = button(
            "Value…", self.text.offer, tone="link", spoken="Insert a value", tip="Ctrl+Space"
        )
        head.addWidget(self.value)
        self.body.addLayout(head)
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)  # beside it all would be cut
        self.body.addWidget(self.text, 1)
        self.checks = Checks()
        self.checks.mend.connect(self._on_mend)
        self.checks.look.connect(self._on_look)
        self.checks.waive.connect(self.waiveWanted)
        self.body.addWidget(self.checks)

    def show_composed(self, composed: Composed, *, words: bool = True) -> None:
        """With `words` False what is being typed stays; only who and the checks follow."""
        was, self.composed = self.composed, composed
        same = was is not None and (was.outage_id, was.kind) == (composed.outage_id, composed.kind)
        editable = composed.state is NoticeState.DRAFT
        own = composed.kind in OWN_WORDS
        message = composed.messages[0]
        if words:
            back = self._refused.pop((composed.outage_id, composed.kind), None)
            self._show_words(message, editable=editable and not own, same=same)
            asked = composed if back is None else replace(composed, extra=back.extra)
            self.fields.show_for(asked, enabled=editable)
            self.dirty = False
            self._soon.stop()  # what was to be seen of the text before
            if back is not None and editable:
                self.subject.setText(back.subject)
                self.text.show_runs(back.runs, self.text.values)
                self._on_edit()
        elif message.facts is not None:
            self.text.follow(fields(message.facts))
        forwards = composed.kind is NoticeKind.REMINDER  # under the original's subject
        self.subject.setReadOnly(not editable or own or forwards)
        self.text.setReadOnly(not editable or own)
        self.back.setVisible(composed.edited and editable)
        self.value.setVisible(editable and not own)
        self.hint.setText(_hint(composed))
        self._show_recipients(composed)
        self.manner.setVisible(editable)
        how = manner_words(composed.extra)
        self.sent_how.setText(how)
        self.sent_how.setVisible(bool(how) and editable)
        self.checks.setVisible(composed.state is not NoticeState.SENT)
        self.checks.show_composed(composed, enabled=editable)
        self.text.mark(self._marks(composed.findings) if editable and not own else ())

    def typed(self) -> tuple[str, str]:
        """Subject and source; empty where they are the template's, so that all of it follows."""
        composed = self.composed
        if composed is None or composed.kind in OWN_WORDS:
            return "", ""
        subject, source, own = self.subject.text(), self.text.source(), composed.own_words
        forwards = composed.kind is NoticeKind.REMINDER
        return (
            "" if forwards or subject == own.subject else subject,
            "" if source == own.body else source,
        )

    def keep(self, then: Callable[[], object]) -> bool:
        """Implements `Keeps`."""
        if self.dirty:
            self.paused.emit()
        if self._in_hand:
            self._then.append(then)
        return self._in_hand > 0

    def hand_over(self) -> _Words:
        """As they stand here now, to be kept: `was_kept` or `was_refused` follows."""
        self._in_hand += 1
        return _Words(self.subject.text(), self.text.runs(), self.fields.extra())

    def was_refused(self, composed: Composed, words: _Words) -> None:
        """They could not be kept (a full disk): tried again with the next key and on leaving; of
        a notice that is not in front any more they come back with it."""
        here = self.composed
        about = composed.outage_id, composed.kind
        if here is not None and (here.outage_id, here.kind) == about:
            self.dirty = True
        else:
            self._refused[about] = words
        self._unkept[about] = f"“{composed.kind.words}” of {composed.code}"
        self._on_answer()

    def was_kept(self, composed: Composed) -> None:
        self._unkept.pop((composed.outage_id, composed.kind), None)
        self._on_answer()

    def _on_answer(self) -> None:
        self.setProperty(UNKEPT, ", ".join(self._unkept.values()))
        self._in_hand -= 1
        if not self._in_hand:
            then, self._then = self._then, []
            for each in then:
                each()

    def waits(self) -> None:
        """For another notice: nothing can be typed into the one that goes."""
        self.composed = None
        self.text.setReadOnly(True)

    def edited_again(self) -> None:
        """What was typed is to be seen, and was not."""
        self._soon.start()

    def untouched_since(self, touched: int) -> bool:
        """Nothing was typed since `touched` was read, nor is anything still to be kept."""
        return self.touched == touched and not self.dirty

    def take(self) -> bool:
        """Was something typed since? From now on it counts as kept."""
        was, self.dirty = self.dirty, False
        self._later.stop()
        return was

    def let_go(self) -> None:
        """What is typed here is not to be kept."""
        self.take()
        if self.composed is not None:
            self._unkept.pop((self.composed.outage_id, self.composed.kind), None)
        self.setProperty(UNKEPT, ", ".join(self._unkept.values()))

    def show_reader(self, index: int) -> None:
        """The text of one of several readers, of kinds where each has their own."""
        if self.composed is not None and self.composed.kind in OWN_WORDS:
            self._show_words(self.composed.messages[index], editable=False)

    def _show_words(self, message: Message, *, editable: bool, same: bool = False) -> None:
        """Of the `same` notice as before cursor and scroll stay, and so do empty lines and a line
        just begun, which a draft is kept without."""
        if self.subject.text() != message.rendered.subject:
            self.subject.setText(message.rendered.subject)
            self.subject.setCursorPosition(0)
        values = fields(message.facts) if message.facts is not None else {}
        if same and editable and tidy(self.text.runs()) == message.runs:
            self.text.follow(values)
            return
        whole: tuple[Run, ...] = (Said(message.body if message.runs else message.rendered.text),)
        self.text.show_runs(message.runs if editable else whole, values, stay=same)

    def _show_recipients(self, composed: Composed) -> None:
        if composed.recipients is self._recipients:
            return
        self._recipients = composed.recipients
        while (item := self._chips.flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        words = groups(composed.recipients)
        for word in words[:PILLS]:
            self._chips.flow.addWidget(Pill(word))
        if len(words) > PILLS:
            self._chips.flow.addWidget(Pill(f"{len(words) - PILLS} more"))
        if not words:
            self._chips.flow.addWidget(Pill("nobody", Tone.WARN))
        self.why.setVisible(bool(words))
        hidden = any(len(m.recipients) > 1 for m in composed.messages)
        self.way.setText("Bcc" if hidden else "To")
        self.way.setToolTip("Nobody sees who else receives it." if hidden else "")
        self._chips.setAccessibleName(f"{self.way.text()} " + ", ".join(words or ["nobody"]))

    def _on_edit(self) -> None:
        self.dirty = True
        self.touched += 1
        self._soon.start()
        if not self._later.isActive():
            self._later.start()

    def _on_mend(self, finding: object) -> None:
        if self.composed is None or not isinstance(finding, Finding):
            return
        if finding.fix is None and self.fields.go_to(finding.rule):
            return
        runs = self.text.runs()
        if finding.fix is None and finding.rule in WRITE:
            begun = written_out(runs, ABOUT[finding.rule], WRITE[finding.rule])
            if begun is not None:
                self.text.rewrite(*begun)
                self.text.setFocus()
                return
        was = self.composed.messages[0]
        fix = None if finding.fix is None else source_of((Said(finding.fix),))
        if finding.in_subject:
            fix = finding.fix
        text = was.rendered.text
        if not finding.in_subject and (swapped := replaced(finding, text, runs, self.text.values)):
            self.text.rewrite(swapped)
            self.text.setFocus()
            return
        made = mended(replace(finding, fix=fix), self.subject.text(), text, source_of(runs))
        if made is None:
            return
        if made[0] != self.subject.text():
            self.subject.setText(made[0])
            self._on_edit()
        values = self.text.values
        self.text.rewrite(runs_of(draft_source(made[1], values), values))
        self.text.setFocus()

    def _marks(self, findings: tuple[Finding, ...]) -> tuple[Mark, ...]:
        """Over the text as it stands now, which may have gone on since it was checked."""
        assert self.composed is not None
        if all(f.span is None or f.in_subject for f in findings):
            return ()
        text = self.composed.messages[0].rendered.text
        return marks_of(findings, text, self.text.runs(), self.text.values)

    def _on_look(self, finding: object) -> None:
        if self.composed is None or not isinstance(finding, Finding) or finding.span is None:
            return
        if finding.in_subject:
            start, end = finding.span
            self.subject.setFocus()
            self.subject.setSelection(start, end - start)
        for mark in self._marks((finding,)):
            self.text.select_words(mark)


def _hint(composed: Composed) -> str:
    if composed.state is NoticeState.QUEUED:
        return "It waits to leave as it stands here. Take it back to change it."
    if composed.state is NoticeState.SENT:
        by = f", sent by {composed.sent_by}" if composed.sent_by else ""
        return f"This is what left{by}."
    if composed.kind in OWN_WORDS:
        return "Each reads their own text; choose the reader in the preview."
    if composed.kind is NoticeKind.REMINDER:
        return "The note on top, at most 25 words; the original follows it as it was sent."
    if composed.edited:
        return "Changed by hand; its values still follow the plan."
    return "**bold**, *italic*, - list. Values follow the plan; Ctrl+Space inserts one."
