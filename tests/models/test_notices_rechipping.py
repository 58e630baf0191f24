"""Words looked over elsewhere and put back have their values again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.notices.chips import Chip, Kept, Run, Words, joined, plain
from app.models.notices.fields import Value
from app.models.notices.rechipping import chipped_again

VALUES: dict[str, Value] = {
    "start": "7:00 pm Friday",
    "the_service": "the file cluster",
    "are": "is",
    "workaround": "",
}
KEPT = Kept("workaround", "{% if workaround %}Use {{ workaround }}.\n{% endif %}", block=True)
RUNS: tuple[Run, ...] = (
    Words("This is teh list: "),
    Chip("the_service"),
    Words(" "),
    Chip("are"),
    Words(" off-line at "),
    Chip("start"),
    Words(".\n\n"),
    KEPT,
    Words("Bye."),
)


def test_what_was_mended_keeps_its_values() -> None:
    said = plain(RUNS, VALUES).replace("teh", "the").replace("Bye", "Goodbye")
    made = chipped_again(said, RUNS, VALUES)
    assert [r for r in made if not isinstance(r, Words)] == [
        Chip("the_service"), Chip("are"), Chip("start"), KEPT,
    ]  # fmt: skip
    assert plain(made, VALUES) == said
    assert made[0] == Words("This is the list: ")


def test_a_value_that_was_written_over_stays_words() -> None:
    said = plain(RUNS, VALUES).replace("7:00 pm", "8:00 pm")
    made = chipped_again(said, RUNS, VALUES)
    assert Chip("start") not in made and Chip("the_service") in made
    assert plain(made, VALUES) == said


@pytest.mark.parametrize("said", ["", "Nothing of it.", "is is is"])
def test_other_words_altogether_stay_as_they_are(said: str) -> None:
    made = chipped_again(said, RUNS, VALUES)
    assert plain(made, VALUES) == said
    assert all(isinstance(run, Words) for run in made)


_runs = st.lists(
    st.sampled_from([*RUNS, Words("is "), Words("\n"), Words("7:00 pm Friday")]), max_size=8
)


@given(_runs, st.text(alphabet="is 7:0pmFriday\nthe", max_size=12), st.integers(0, 40))
def test_nothing_is_added_to_the_words_nor_lost(was: list[Run], more: str, at: int) -> None:
    runs = joined(was)
    said = plain(runs, VALUES)
    assert plain(chipped_again(said, runs, VALUES), VALUES) == said
    typed = said[:at] + more + said[at:]
    made = chipped_again(typed, runs, VALUES)
    assert plain(made, VALUES) == typed
    if any(isinstance(run, Chip) for run in made):
        assert made.count(KEPT) == runs.count(KEPT)
