"""The bench command: what counts as a promise kept, missed or never measured."""

from __future__ import annotations

import sys
from pathlib import Path

import benches
import pytest
from environment import Environment
from trouble import Trouble

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes its Python a symlink")


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A checkout with a Python and an empty folder for benches."""
    made = Environment(tmp_path)
    made.python.parent.mkdir(parents=True)
    made.python.symlink_to(sys.executable)
    (tmp_path / "tests" / "bench").mkdir(parents=True)
    return made


def write_bench(environment: Environment, name: str, body: str) -> None:
    script = environment.root / "tests" / "bench" / f"bench_{name}.py"
    script.write_text(f"def main() -> None:\n    {body}\n", encoding="utf-8")


def run(environment: Environment, *names: str) -> tuple[int, list[str]]:
    said: list[str] = []
    return benches.run_all(environment, list(names), said.append), said


def test_a_bench_line_is_read_and_other_lines_are_not() -> None:
    lines = ["warming up", "frame_painted 1.62 2 ok", "first_rows 3.40 3.00 MISSED"]
    assert benches.read_promises(lines) == [
        benches.Promise("frame_painted", 1.62, 2.0, kept=True),
        benches.Promise("first_rows", 3.4, 3.0, kept=False),
    ]


def test_kept_promises_end_well(environment: Environment) -> None:
    write_bench(environment, "board", "print('board_1000 0.8 1 ok')")
    code, said = run(environment)
    assert code == 0
    assert said[-1] == "All 1 promises kept."


def test_a_missed_promise_is_named_at_the_end(environment: Environment) -> None:
    write_bench(environment, "board", "print('board_1000 1.8 1 MISSED')")
    write_bench(environment, "start", "print('frame 1.5 2 ok')")
    code, said = run(environment)
    assert code == 1
    assert said[-1] == "Failed: board_1000 MISSED"


def test_a_bench_that_measures_nothing_is_a_failure(environment: Environment) -> None:
    write_bench(environment, "board", "print('all is well')")
    code, said = run(environment)
    assert code == 1
    assert said[-1] == "Failed: bench_board measured nothing"


def test_a_bench_that_breaks_is_a_failure(environment: Environment) -> None:
    write_bench(environment, "board", "print('a 1 2 ok', flush=True); raise SystemExit(3)")
    code, said = run(environment)
    assert code == 1
    assert said[-1] == "Failed: bench_board stopped with 3"


def test_one_bench_can_be_chosen(environment: Environment) -> None:
    write_bench(environment, "board", "print('board_1000 0.8 1 ok')")
    write_bench(environment, "start", "print('frame 9 2 MISSED')")
    assert run(environment, "board")[0] == 0


def test_an_unknown_bench_is_one_sentence(environment: Environment) -> None:
    write_bench(environment, "board", "print('board_1000 0.8 1 ok')")
    with pytest.raises(Trouble, match=r"There is no bench bord\. Say one of: board\."):
        run(environment, "bord")
