"""A compiled path is made once, taken from the cache after that, and done without, in words, where it cannot be had."""

import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from engine.blocks.compiled import COMPILING, OFF_VARIABLE, CannotCompileError, CompiledPath

SOURCE = '''"""A tiny module of compiled functions."""

from numba import njit


@njit(cache=True)
def double(number):
    return 2 * number
'''


def warm_up(module: ModuleType) -> None:
    if module.double(2) != 4:
        raise RuntimeError("two times two is four")


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what is compiled, and a module to compile."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "tiny_kernel.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "source"))
    monkeypatch.setenv("SLOTSCOPE_KERNELS", str(tmp_path / "kernels"))
    sys.modules.pop("tiny_kernel", None)
    return tmp_path / "kernels"


def test_what_is_not_compiled_yet_is_not_there_and_says_so(kernels: Path) -> None:
    path = CompiledPath("tiny_kernel", warm_up)

    assert path.get() is None
    assert path.why_not == COMPILING


def test_what_was_compiled_is_there_in_another_process_too(kernels: Path) -> None:
    CompiledPath("tiny_kernel", warm_up).make()

    later = CompiledPath("tiny_kernel", warm_up)
    module = later.get()

    assert module is not None
    assert module.double(21) == 42
    assert (later.why_not, module.double.stats.cache_hits[module.double.signatures[0]]) == ("", 1)


def test_an_edited_source_is_compiled_anew(kernels: Path) -> None:
    CompiledPath("tiny_kernel", warm_up).make()
    source = kernels.parent / "source" / "tiny_kernel.py"
    source.write_text(SOURCE.replace("2 * number", "number + number"), encoding="utf-8")

    assert not CompiledPath("tiny_kernel", warm_up).is_made


def test_a_damaged_cache_is_thrown_away_said_and_made_anew(kernels: Path) -> None:
    CompiledPath("tiny_kernel", warm_up).make()
    damaged = [file for file in kernels.rglob("*") if file.suffix in (".nbi", ".nbc")]
    for file in damaged:
        file.write_bytes(b"nonsense")

    path = CompiledPath("tiny_kernel", warm_up)
    first = path.get()
    path.make()

    assert damaged
    assert first is None or first.double(1) == 2  # some compilers heal themselves; neither may crash
    assert path.get() is not None


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="only on POSIX systems, and only for those who are not root")
def test_a_folder_that_cannot_be_written_is_named(kernels: Path) -> None:
    kernels.mkdir(mode=0o500)
    path = CompiledPath("tiny_kernel", warm_up)

    with pytest.raises(CannotCompileError, match="cannot be written"):
        path.make()
    assert path.get() is None
    assert "cannot be written" in path.why_not


def test_a_file_in_the_place_of_the_folder_is_named(kernels: Path) -> None:
    kernels.write_text("in the way")

    with pytest.raises(CannotCompileError, match="cannot be"):
        CompiledPath("tiny_kernel", warm_up).make()


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX systems")
def test_a_folder_that_others_can_write_to_is_refused(kernels: Path) -> None:
    folder = kernels / "tiny_kernel"
    folder.mkdir(parents=True)
    folder.chmod(0o777)

    with pytest.raises(CannotCompileError, match="others can write to it"):
        CompiledPath("tiny_kernel", warm_up).make()


def test_a_module_that_computes_nonsense_is_refused_and_remembered(kernels: Path) -> None:
    def doubt(module: ModuleType) -> None:
        raise RuntimeError("two times two is five")

    with pytest.raises(CannotCompileError, match="two times two is five"):
        CompiledPath("tiny_kernel", doubt).make()

    other = CompiledPath("tiny_kernel", doubt)
    assert other.get() is None
    assert "two times two is five" in other.why_not


def test_one_can_do_without(kernels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFF_VARIABLE, "1")
    path = CompiledPath("tiny_kernel", warm_up)

    with pytest.raises(CannotCompileError, match=f"{OFF_VARIABLE} is set"):
        path.make()
    assert path.get() is None
    assert path.why_not == f"{OFF_VARIABLE} is set"


def test_without_the_compiler_the_reason_is_its_absence(kernels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.blocks.compiled.find_spec", lambda name: None)
    path = CompiledPath("tiny_kernel", warm_up)

    assert path.get() is None
    assert path.why_not == "numba is not installed"


def test_a_cache_that_is_gone_is_missed_by_nobody(kernels: Path) -> None:
    CompiledPath("tiny_kernel", warm_up).make()
    shutil.rmtree(kernels)

    assert CompiledPath("tiny_kernel", warm_up).get() is None


def test_an_edited_helper_is_noticed_and_what_was_compiled_with_the_old_one_is_not_used(kernels: Path) -> None:
    helper = kernels.parent / "source" / "tiny_helper.py"
    helper.write_text("from numba import njit\n\n\n@njit\ndef twice(number):\n    return 2 * number\n", encoding="utf-8")
    source = SOURCE.replace("from numba import njit", "from numba import njit\nfrom tiny_helper import twice")
    (kernels.parent / "source" / "tiny_kernel.py").write_text(source.replace("2 * number", "twice(number)"), encoding="utf-8")
    CompiledPath("tiny_kernel", warm_up, "tiny_helper").make()
    helper.write_text(helper.read_text().replace("2 * number", "3 * number - 2"), encoding="utf-8")
    sys.modules.pop("tiny_helper")

    path = CompiledPath("tiny_kernel", warm_up, "tiny_helper")
    assert not path.is_made
    path.make()
    module = path.get()

    assert module is not None
    assert module.double(5) == 13
