"""The test command: where tests put their stores."""

from __future__ import annotations

from pathlib import Path

import checks
import pytest
from environment import Environment


def test_without_a_disk_in_memory_tests_write_where_they_always_do(tmp_path: Path) -> None:
    with checks.scratch(tmp_path / "none") as place:
        assert place == {}


def test_a_disk_in_memory_without_room_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "ROOM", 1 << 60)
    with checks.scratch(tmp_path) as place:
        assert place == {}


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="asks Linux for its memory")
def test_what_tests_leave_in_memory_goes_with_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "ROOM", 1)
    with checks.scratch(tmp_path) as place:
        folder = Path(place["TMPDIR"])
        assert folder.parent == tmp_path
        (folder / "store").write_text("left")
    assert not folder.exists()


def test_a_whole_run_tries_a_database_server_too_and_with_long_all_of_it() -> None:
    def served(*arguments: str) -> list[tuple[str, ...]]:
        planned = checks.plan(Environment(), list(arguments))
        return [check.command for check in planned if "FLIGHT_TEST_DATABASE" in check.more]

    assert served("tests/models") == []
    [daily] = served()
    sample = [word for word in daily if word.startswith("tests/")]
    assert all(Path(word).is_file() for word in sample)
    assert {Path(word).parts[1] for word in sample} == {"services", "views"}
    [command] = served("--long")
    assert command[-3:] == ("tests/services", "tests/stories", "tests/views")
