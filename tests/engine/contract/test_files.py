"""Writing whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from engine.contract.files import write_whole


def test_an_older_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "deep" / "a.txt", "old")

    write_whole(tmp_path / "deep" / "a.txt", b"new")

    assert (tmp_path / "deep" / "a.txt").read_text() == "new"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.txt"]


def test_a_full_disk_leaves_the_older_file_and_is_named_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "a.txt", "old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("engine.contract.files.os.fsync", full)
    with pytest.raises(OSError, match=r"a\.txt") as refused:
        write_whole(tmp_path / "a.txt", "new")

    assert refused.value.filename == str(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="rights are those of POSIX systems")
def test_a_new_file_has_the_rights_that_the_user_gives_to_new_files(tmp_path: Path) -> None:
    (tmp_path / "by-hand").write_text("")

    write_whole(tmp_path / "a.txt", "new")

    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "by-hand").stat().st_mode
