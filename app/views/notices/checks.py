"""What is wrong with a notice, worst first, each with the one act that mends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.notices.fields import fields
from app.models.notices.marking import replaced
from app.models.notices.mending import WRITE, mended
from app.models.notices.reading import Finding
from app.models.severity import Severity
from app.services.notices.composing import OWN_WORDS, Composed
from app.views.notices.typed_fields import can_answer
from app.views.theme import px
from app.views.tones import severity_tone, severity_words
from app.views.widgets.labels import Dot, Words
from app.views.widgets.panels import button, clear, rule
from app.views.widgets.tone import Tone

GOOD = "Says what, when, how long, who is affected, whom to tell"
MOST = 25
"""Rows; whoever pasted a log has thousands of findings."""
ASKED_OF_A_PERSON = "lead_time"


class Checks(QWidget):
    """`mend(finding)`: put its fix into the text; `look(finding)`: show its words there;
    `waive()`: a named person lets it go."""

    mend = Signal(object)
    look = Signal(object)
    waive = Signal()

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(4))
        head = QHBoxLayout()
        head.addWidget(Words("Checks", "head"))
        head.addStretch(1)
        self.verdict = Words("", "sub")
        head.addWidget(self.verdict)
        box.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        box.addLayout(self._rows)

    def show_composed(self, composed: Composed, *, enabled: bool) -> None:
        clear(self._rows)
        findings = composed.findings
        blocks = sum(f.severity is Severity.BLOCK for f in findings)
        if composed.not_now:
            self.verdict.setText("not sent now")
        elif blocks:
            self.verdict.setText(f"{blocks} to mend before it can leave")
        else:
            warns = sum(f.severity is Severity.WARN for f in findings)
            self.verdict.setText(f"{warns} to look at" if warns else "nothing stands in its way")
        if composed.not_now:
            self._rows.addWidget(_Row(Tone.PLAIN, composed.not_now, None, "not now"))
        if not any(
            f.rule != ASKED_OF_A_PERSON and f.severity is not Severity.NOTE for f in findings
        ):
            self._rows.addWidget(_Row(Tone.OK, GOOD, None))
        if composed.in_time:
            self._rows.addWidget(_Row(Tone.OK, composed.in_time, None))
        for sentence in composed.unreached:
            self._rows.addWidget(_Row(Tone.WARN, sentence, None))
        for finding in findings[:MOST]:
            self._rows.addWidget(
                _Row(
                    severity_tone(finding.severity),
                    finding.sentence,
                    self._act(composed, finding) if enabled else None,
                    severity_words(finding.severity),
                )
            )

        if len(findings) > MOST:
            more = f"{len(findings) - MOST} more; they come as these are mended."
            self._rows.addWidget(_Row(Tone.WARN, more, None))

    def _act(self, composed: Composed, finding: Finding) -> QWidget | None:
        if finding.rule == ASKED_OF_A_PERSON and finding.severity is Severity.BLOCK:
            return button("Waive…", self.waive.emit, spoken="Waive the lead time")
        message = composed.messages[0]
        rendered = message.rendered
        fix = mended(finding, rendered.subject, rendered.text, message.source)
        if fix is None and message.facts is not None and not finding.in_subject:
            swapped = replaced(finding, rendered.text, message.runs, fields(message.facts))
            fix = None if swapped is None else (rendered.subject, message.source)
        answers = finding.fix is None and can_answer(composed, finding.rule)
        if not answers and (composed.kind in OWN_WORDS or fix is None):
            if finding.span is None or composed.kind in OWN_WORDS:
                return None
            spoken = f"Show: {finding.sentence}"
            return button("Show", lambda: self.look.emit(finding), spoken=spoken)
        words = (
            "Write it"
            if answers or (finding.rule in WRITE and not finding.fix)
            else ("Mend" if finding.span is not None else "Add")
        )
        spoken = f"{words}: {finding.sentence}"
        return button(words, lambda: self.mend.emit(finding), spoken=spoken)


class _Row(QWidget):
    def __init__(self, tone: Tone, sentence: str, act: QWidget | None, word: str = "") -> None:
        super().__init__()
        self.setAccessibleName(f"{word}: {sentence}" if word else sentence)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(rule())
        line = QHBoxLayout()
        line.setContentsMargins(0, px(6), 0, px(6))
        line.setSpacing(px(10))
        line.addWidget(Dot(tone, word), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(Words(sentence, wrap=True), 1)
        if word:
            line.addWidget(Words(word, "small"))
        if act is not None:
            line.addWidget(act, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addLayout(line)
