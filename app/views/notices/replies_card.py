"""Replies: noted in their words, sorted by one key, objections decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.notices.replies import ObjectionDecision, ReplyKind
from app.models.times import speak_moment
from app.services.notices.arriving import Undelivered
from app.services.notices.reading import Communication
from app.services.notices.replies import answer_reply, decide_objection, note_reply, sort_reply
from app.services.notices.reply_rows import ReplyRow
from app.services.uow import Undo
from app.views.notices.plan_words import reply_lines
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.finding import FindDialog
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, Row, button, clear
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet
from app.views.widgets.tone import Tone

_KEYS = {
    "O": ReplyKind.OBJECTION,
    "Q": ReplyKind.QUESTION,
    "T": ReplyKind.THANKS,
    "C": ReplyKind.CONFIRMATION,
}

_LEFT_OUT = (
    "They get no further notices, and what waits for them is taken back, to be sent to the others; "
    "whoever was told already still hears of every change, and so does a list they are on."
)


class RepliesCard(Card):
    """O, Q and T sort the chosen reply, C records an answer to the kick-off or a report of a step;
    Enter reads it, or opens the decision on an objection."""

    noted = Signal()

    def __init__(self, ops: Ops, on_undo: Callable[[Undo], object]) -> None:
        super().__init__("Replies", bleed=True)
        self._ops = ops
        self._on_undo = on_undo
        self._found: Communication | None = None
        self.rows = ListView("Replies", wraps=True)
        self.rows.opened.connect(self._open)
        self.rows.chosen.connect(lambda _key: self._show_acts())
        self._empty = EmptyState(
            "Nobody answered yet. Note a reply that came by mail or phone here.",
        )
        self._bounced = QVBoxLayout()
        self._bounced.setContentsMargins(px(8), 0, px(8), 0)
        self.body.addLayout(self._bounced)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self.rows, 1)
        self.where = Words("", "small", wrap=True)
        self.where.setContentsMargins(px(8), px(4), px(8), 0)
        self.body.addWidget(self.where)
        line = QWidget()
        acts = FlowLayout(line, 6)
        acts.setContentsMargins(px(8), px(8), px(8), 0)
        self.record = button(
            "Record", lambda: self.sort(ReplyKind.CONFIRMATION), tip="C: as what they confirm"
        )
        self.read = button("Read…", lambda: self._read(self._key()))
        self.decide = button("Decide…", lambda: self._decide(self._key()))
        self.answer = button("Answer…", lambda: self._answer(self._key()))
        self.add = button("Note a reply…", self.note)
        for each in (self.record, self.read, self.decide, self.answer, self.add):
            acts.addWidget(each)
        self.body.addWidget(line)
        for keys, kind in _KEYS.items():
            shortcut = QShortcut(QKeySequence(keys), self.rows)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda kind=kind: self.sort(kind))
        self.rows.setToolTip(
            "O objection · Q question · T thanks · C answers the kick-off · Enter reads it"
        )

    def show_found(self, found: Communication) -> None:
        self._found = found
        self.rows.model_rows.apply(reply_lines(found))
        unsorted = sum(r.kind == ReplyKind.UNSORTED for r in found.replies)
        undecided = sum(r.kind == ReplyKind.OBJECTION and not r.decision for r in found.replies)
        parts = [f"{undecided} to decide"] if undecided else []
        confirms = any(
            r.kind == ReplyKind.UNSORTED and (r.confirms or r.reports) for r in found.replies
        )
        parts += [f"{unsorted} to sort: O, Q, T{', C' * confirms}"] if unsorted else []
        aside = sum(r.kind == ReplyKind.AUTOMATIC for r in found.replies)
        parts += [f"{aside} automatic, set aside"] if aside else []
        self.show_as("Replies", " · ".join(parts))
        self._show_bounced(found.undelivered)
        to = " and ".join(found.answers_to)
        self.where.setText(f"Answers to {to} are read while they are signed in.")
        self.where.setVisible(bool(to))
        self._empty.setVisible(not found.replies)
        self.rows.setVisible(bool(found.replies))
        if found.replies and self.rows.current() is None:
            self.rows.choose(found.replies[0].id)
        self._show_acts()

    def _show_bounced(self, rows: Sequence[Undelivered]) -> None:
        clear(self._bounced)
        for row in rows:
            show = button(
                "Who?",
                lambda row=row: self._who(row),  # type: ignore[misc]
                spoken=f"Who did not get the {row.kind.lower()}",
            )
            self._bounced.addWidget(Row(row.kind, row.sentence, Tone.WARN, trailing=show))

    def _who(self, row: Undelivered) -> None:
        FindDialog(
            self,
            f"{row.kind}: {row.sentence}",
            f"{row.sentence}. Call them, or mend the address in the Directory.",
            ((ListRow(a, a), a.casefold()) for a in row.addresses),
            list_name="Not delivered to",
            hint="Find an address",
        ).open()

    def choose(self, reply_id: str) -> None:
        self.rows.choose(reply_id)
        self.rows.setFocus()

    def note(self) -> None:
        if self._found is None:
            return
        outage_id = self._found.outage_id
        sheet = Sheet(
            self,
            "Note a reply",
            "In their words; you can sort it now or later.",
            (
                Ask("sender", "Who answered", needed="Say who answered."),
                Ask("text", "What they said", Kind.TEXT, needed="Note what they said."),
                Ask(
                    "kind",
                    "It is",
                    Kind.CHOICE,
                    ReplyKind.UNSORTED.value,
                    choices=tuple((k.value, k.words) for k in ReplyKind if k.by_hand),
                ),
            ),
            "Note it",
        )

        def answered(answers: Answers) -> None:
            self._run(
                sheet, note_reply, outage_id, answers["sender"], answers["text"], answers["kind"]
            )

        sheet.answered.connect(answered)
        sheet.open()

    def sort(self, kind: ReplyKind) -> None:
        reply = self._reply(self._key())
        if reply is not None:
            if kind is ReplyKind.CONFIRMATION and reply.reports:
                kind = ReplyKind.REPORT
            self._ops.run(sort_reply, reply.id, kind.value, seen=reply.version, then=self._on_done)

    def _open(self, key: str) -> None:
        reply = self._reply(key)
        if reply is not None and reply.kind == ReplyKind.OBJECTION:
            self._decide(key)
        else:
            self._read(key)

    def _read(self, key: str) -> None:
        """The whole of what was said, and what it is; a guess is offered."""
        reply = self._reply(key)
        if reply is None:
            return
        zone = self._found.zone if self._found is not None else "UTC"
        what = reply.guess if reply.kind == ReplyKind.UNSORTED and reply.guess else reply.kind
        choices = {k.value: k.words for k in ReplyKind if k.by_hand}
        for each in (reply.kind, what):
            choices[each] = ReplyKind(each).words
        address = f" ({reply.email})" if reply.email else ""
        sheet = Sheet(
            self,
            f"{reply.sender}, {speak_moment(reply.received_at, zone)}",
            f"“{reply.text}”{address}",
            (Ask("kind", "It is", Kind.CHOICE, what, choices=tuple(choices.items())),),
            "That is so",
        )

        def answered(answers: Answers) -> None:
            if answers["kind"] == reply.kind:
                sheet.accept()
                return
            self._run(sheet, sort_reply, reply.id, answers["kind"], seen=reply.version)

        sheet.answered.connect(answered)
        sheet.open()

    def _decide(self, key: str) -> None:
        reply = self._reply(key)
        if reply is None or reply.kind != ReplyKind.OBJECTION:
            return
        sheet = Sheet(
            self,
            f"Decide the objection of {reply.sender}",
            f"“{reply.text}”",
            (
                Ask(
                    "decision",
                    "Decision",
                    Kind.CHOICE,
                    reply.decision or ObjectionDecision.KEEP.value,
                    choices=tuple((d.value, d.words) for d in ObjectionDecision),
                ),
                Ask(
                    "without",
                    "Who is left out",
                    Kind.FOUND,
                    reply.leavable[0][0] if reply.leavable else "",
                    hint=_LEFT_OUT,
                    needed="Say who is left out.",
                    choices=reply.leavable,
                    only_with=("decision", ObjectionDecision.EXCLUDE.value),
                ),
                Ask("answer", "What they are answered", Kind.TEXT, reply.answer, hint=_way(reply)),
                *_by_phone(reply),
                Ask("by", "Decided by (empty: you)", value=reply.decided_by),
            ),
            "Decide",
        )

        def answered(answers: Answers) -> None:
            self._run(
                sheet,
                decide_objection,
                reply.id,
                answers["decision"],
                answers["answer"],
                answers["by"],
                told=bool(answers.get("told")),
                without=answers["without"],
                seen=reply.version,
            )

        sheet.answered.connect(answered)
        sheet.open()

    def _answer(self, key: str) -> None:
        """A question, or what is not sorted yet; an objection is answered by its decision."""
        reply = self._reply(key)
        if reply is None or not _answerable(reply):
            return
        sheet = Sheet(
            self,
            f"Answer {reply.sender}",
            f"“{reply.text}”",
            (
                Ask(
                    "answer",
                    "Answer",
                    Kind.TEXT,
                    reply.answer,
                    hint=_way(reply),
                    needed="Say the answer.",
                ),
                *(_by_phone(reply) if reply.email else ()),
            ),
            "Answer" if reply.email else "Note it",
        )

        def answered(answers: Answers) -> None:
            told = bool(answers.get("told"))
            self._run(
                sheet, answer_reply, reply.id, answers["answer"], told=told, seen=reply.version
            )

        sheet.answered.connect(answered)
        sheet.open()

    def _run(
        self, sheet: Sheet, use_case: Callable[..., Undo], *args: object, **more: object
    ) -> None:
        def done(inverse: Undo) -> None:
            sheet.accept()
            self._on_done(inverse)

        def failed(error: ConsoleError) -> None:
            sheet.refuse(error.sentence)

        self._ops.run(use_case, *args, then=done, failed=failed, owner=sheet, **more)

    def _on_done(self, inverse: Undo) -> None:
        self._on_undo(inverse)
        self.noted.emit()

    def _key(self) -> str:
        row = self.rows.current()
        return row.key if row is not None else ""

    def _reply(self, key: str) -> ReplyRow | None:
        replies = self._found.replies if self._found else ()
        return next((r for r in replies if r.id == key), None)

    def _show_acts(self) -> None:
        reply = self._reply(self._key())
        self.record.setVisible(
            reply is not None
            and bool(reply.confirms or reply.reports)
            and reply.kind == ReplyKind.UNSORTED
        )
        self.read.setVisible(reply is not None and reply.kind != ReplyKind.OBJECTION)
        self.decide.setVisible(reply is not None and reply.kind == ReplyKind.OBJECTION)
        self.answer.setVisible(reply is not None and _answerable(reply))


def _answerable(reply: ReplyRow) -> bool:
    return reply.kind in (ReplyKind.UNSORTED, ReplyKind.QUESTION, ReplyKind.THANKS)


def _way(reply: ReplyRow) -> str:
    if reply.by_mail:
        return f"It goes to {reply.email} in the same conversation."
    if reply.email:
        return f"It goes to {reply.email} as a mail."
    if reply.kind == ReplyKind.OBJECTION:
        return "No address of them is known: tell them by phone; until then it stays owed."
    return "It did not come by mail: tell them, and note here what was said."


def _by_phone(reply: ReplyRow) -> tuple[Ask, ...]:
    """Who did not write may have been told while they were on the line."""
    words = "They were told by phone already" + (": send no mail" if reply.email else "")
    return () if reply.by_mail else (Ask("told", words, Kind.TICK),)
