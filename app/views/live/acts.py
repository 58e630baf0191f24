"""What can be done to the flight from Live, and how each act is asked for."""

from __future__ import annotations

from app.models.errors import ConsoleError
from app.models.live.clocks import coming
from app.models.outages.lifecycle import State
from app.services.live.decision_card import CardRow, card_rows
from app.services.live.rows import LiveRows
from app.services.outages.leading import Going
from app.views.live.card_dialog import CardDialog
from app.views.live.flight_acts import FlightActs
from app.views.widgets.deciding import waived_by, waiver_asks
from app.views.widgets.sheet import Answers, Ask, Kind


class LiveActs(FlightActs):
    """Through the gates, to one of the endings, and on to filed."""

    def begin_gate(self, rows: LiveRows) -> None:
        self._advance(rows, State.GO_NO_GO, Going())

    def go(self, rows: LiveRows) -> None:
        """GO at once when everything is met; else each red criterion needs its waiver. Waivers are
        not collected for a GO that would be refused."""
        missing = rows.missing
        if rows.too_early or not missing:
            self._advance(rows, State.IN_PROGRESS, Going())
            return
        asks = []
        for row in missing:  # people objected: that is waived in words of its own
            own = row is missing[0] or row.is_decided_elsewhere
            asks.append(
                Ask(
                    row.criterion.value,
                    f"{row.words}: {row.evidence}",
                    hint="" if own else "Empty: for the reason above.",
                    needed="Waiving it needs a reason of its own." if own else "",
                )
            )
        sheet = self._sheet(
            "GO with open criteria",
            f"{len(missing)} not met. Settle them, or waive each by name and reason, in its line.",
            [*waiver_asks(rows.coordinator), *asks],
            "Waive and GO",
            tone="danger",
        )

        def answered(answers: Answers) -> None:
            waive, why = {}, ""
            for row in missing:
                waive[row.criterion.value] = why = answers[row.criterion.value].strip() or why
            self._advance(rows, State.IN_PROGRESS, Going(by=waived_by(answers), waive=waive), sheet)

        sheet.answered.connect(answered)
        sheet.open()

    def hold(self, rows: LiveRows) -> None:
        sheet = self._sheet(
            "Hold",
            "Nobody starts anything. From Hold you go back to the gate, or give the GO.",
            [Ask("why", "Why", hint="Said on the bridge and kept in the log")],
            "Hold",
        )
        sheet.answered.connect(
            lambda answers: self._advance(rows, State.HOLD, Going(why=answers["why"]), sheet)
        )
        sheet.open()

    def verify(self, rows: LiveRows) -> None:
        self._advance(rows, State.VERIFYING, Going())

    def stop_here(self, rows: LiveRows) -> None:
        """At a safe point: on to verifying, the steps left skipped with the reason."""
        sheet = self._sheet(
            "Stop at this safe point",
            "What is not begun is left out; what was done is verified.",
            [Ask("why", "Why", needed="Say why; it goes into the log.")],
            "Stop and verify",
        )
        sheet.answered.connect(
            lambda answers: self._advance(rows, State.VERIFYING, Going(why=answers["why"]), sheet)
        )
        sheet.open()

    def back_to_work(self, rows: LiveRows) -> None:
        self._advance(rows, State.IN_PROGRESS, Going())

    def all_clear(self, rows: LiveRows) -> None:
        """Gated, and a person's word: the checker's words and the data lost."""
        self._end(
            rows,
            State.COMPLETE,
            "All clear",
            "Everyone who was ever told is then owed the all clear.",
            "Give the all clear",
            (),
        )

    def partly(self, rows: LiveRows) -> None:
        why = Ask(
            "why",
            "What is done, and what is not",
            Kind.TEXT,
            needed="Say what is done and what is not.",
        )
        self._end(
            rows,
            State.PARTLY_DONE,
            "Partly done",
            "Everyone who was ever told is then owed what is done and what is not.",
            "End as partly done",
            (why,),
        )

    def back_out(self, rows: LiveRows) -> None:
        sheet = self._sheet(
            "Back out",
            f"{rows.back_out_warning}{' ' if rows.back_out_warning else ''}The board turns to the "
            "way back. There is no way forward again on this flight.",
            [Ask("why", "Why", needed="Say why you turn back; it goes into log and notice.")],
            "Back out",
            tone="danger",
        )
        sheet.answered.connect(
            lambda answers: self._advance(rows, State.BACKING_OUT, Going(why=answers["why"]), sheet)
        )
        sheet.open()

    def backed_out(self, rows: LiveRows) -> None:
        self._end(
            rows,
            State.BACKED_OUT,
            "Backed out",
            f"{_put_back(rows)} Everyone who was ever told is then owed that.",
            "End as backed out",
            (Ask("why", "What happened", hint="Empty: as you said when you turned back."),),
        )

    def who_decides(self, rows: LiveRows) -> None:
        def found(card: tuple[CardRow, ...]) -> None:
            CardDialog(self._host, rows.code, card).open()

        self._ops.read(card_rows, rows.outage_id, then=found, owner=self)

    def file(self, rows: LiveRows) -> None:
        self._advance(rows, State.FILED, Going())

    def _end(
        self, rows: LiveRows, to: State, title: str, words: str, yes: str, first: tuple[Ask, ...]
    ) -> None:
        """The sheet of every ending: open checks to waive, the user's word, the data lost."""
        checks = [
            Ask(
                f"waive {step.code}",
                f"Waive {step.label}",
                hint="Not verified. Empty: it is not waived, and stands in the way.",
            )
            for step in rows.checks
        ]
        who = rows.checker or "the user-side checker"
        asks = [
            *first,
            *checks,
            Ask("check", f"What {who} said, word for word", Kind.TEXT, rows.user_check),
            Ask("due", "Or: their check is due at", hint="07:30; it stays as debt until then"),
            Ask(
                "loss",
                "Data lost",
                value=rows.data_loss,
                hint="“none”, or what was lost: people are told either way",
                needed="Say what was lost, or “none”.",
            ),
        ]
        sheet = self._sheet(title, words, asks, yes)

        def answered(answers: Answers) -> None:
            try:
                due = coming(answers["due"], rows.now, rows.zone) if answers["due"] else None
            except ConsoleError as error:
                sheet.refuse(error.sentence)
                return
            waive = {
                step.code: answers[f"waive {step.code}"]
                for step in rows.checks
                if answers[f"waive {step.code}"]
            }
            going = Going(
                why=answers.get("why", ""),
                user_check=answers["check"],
                user_check_due=due,
                data_loss=answers["loss"],
                waive=waive,
            )
            self._advance(rows, to, going, sheet)

        sheet.answered.connect(answered)
        sheet.open()


def _put_back(rows: LiveRows) -> str:
    if rows.past_return is None:
        return "Things are as they were before."
    return f"What can be undone is undone. {rows.past_return.labels} stays changed."
