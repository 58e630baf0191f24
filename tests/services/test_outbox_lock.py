"""One sender a data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.errors import StoreTrouble
from app.services.sync.lock import only_sender


def test_a_second_sender_on_a_folder_is_refused_and_follows_the_first(tmp_path: Path) -> None:
    with only_sender(tmp_path), pytest.raises(StoreTrouble, match="is sending"):  # noqa: SIM117
        with only_sender(tmp_path):
            pass
    with only_sender(tmp_path):
        pass
