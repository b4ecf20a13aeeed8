"""From a fresh checkout to the running program or its tests: `python3 packaging/bootstrap.py run|test`. Needs Python alone."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (an older Python must be told, not shown a traceback)
    sys.exit("Slotscope needs Python 3.11 or newer; this is Python %d.%d at %s." % (*sys.version_info[:2], sys.executable))  # noqa: UP031

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path(__file__).resolve().parent / "requirements.lock"
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "slotscope-installed.json"
TOUR = ROOT / "tour"
FIRST_EXHIBIT = "ntm-copy"

CHECKS = {
    "ruff check": ["-m", "ruff", "check"],
    "ruff format": ["-m", "ruff", "format", "--check"],
    "mypy": ["-m", "mypy"],
    "import rules": ["-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
}
WORKERS = "2"

TOOLS_OF_THE_TESTS = {"Xvfb": "xvfb", "xdotool": "xdotool", "xprop": "x11-utils", "openbox": "openbox"}
"""What the test of the real window on a real screen needs, and the Debian package that has it."""
FONTS = Path("/usr/share/fonts/truetype/dejavu")


class Stop(Exception):  # noqa: N818 (it is what happens, and reads so)
    """We cannot go on; the message is the one sentence that says why, and what to do."""


def main(arguments: list[str]) -> int:
    """Do what was asked for; the exit status."""
    sys.path.insert(0, str(ROOT))
    if not arguments or arguments[0] not in ("run", "test"):
        say("usage: python3 packaging/bootstrap.py run | test [options of pytest]")
        return 2
    try:
        if arguments[0] == "run":
            return run(arguments[1:])
        return test(arguments[1:])
    except Stop as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def run(arguments: list[str]) -> int:
    """Open the window; without a screen draw the first exhibit's tour to pictures."""
    make_environment(("run",))
    bring_system_libraries()
    problem = screen_problem()
    if not problem:
        return in_environment("-m", "app", *arguments)
    say(f"{problem} The tour of {FIRST_EXHIBIT} is drawn to pictures in {TOUR} instead.")
    return draw_tour()


def test(arguments: list[str]) -> int:
    """The house's rules, then the whole test suite, whose closing line stands last."""
    make_environment(("run", "test"))
    bring_system_libraries()
    bring_tools_of_the_tests()
    failed = []
    for name, command in CHECKS.items():
        say(f"--- {name}")
        if in_environment(*command) != 0:
            failed.append(name)
    say("--- pytest")
    if in_environment("-m", "pytest", "-n", WORKERS, *arguments) != 0:
        failed.append("pytest")
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


def say(text: str) -> None:
    """One line, in order with what the programs that we start say."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# ---- the Python environment -----------------------------------------------------------------------------------------------


def make_environment(sections: tuple[str, ...]) -> None:
    """Make .venv and fill it from the lock file, unless that has been done already."""
    if not environment_works():
        create_environment()
    wanted = {"lock": digest(*(pins(section) for section in sections)), "project": digest((ROOT / "pyproject.toml").read_text())}
    done = read_stamp()
    if done.get("place") != str(ROOT):
        done = {}
    if done.get("lock") not in (wanted["lock"], digest(pins("run"), pins("test"))):
        say("Installing the pinned packages into .venv (once; this takes a few minutes) ...")
        pip("install", "--quiet", *pins_of(sections))
        done = {}
        done["lock"] = wanted["lock"]
    if done.get("project") != wanted["project"]:
        pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(json.dumps({"lock": done["lock"], "project": wanted["project"], "place": str(ROOT)}))


def pins(section: str) -> str:
    """The lines of one section of the lock file."""
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in LOCK.read_text().splitlines():
        if line.startswith("# ") and line[2:] in ("run", "test"):
            here = found.setdefault(line[2:], [])
        elif line.strip() and not line.startswith("#"):
            here.append(line.strip())
    return "\n".join(found[section])


def pins_of(sections: tuple[str, ...]) -> list[str]:
    """The pinned packages of these sections."""
    return [line for section in sections for line in pins(section).splitlines()]


def digest(*texts: str) -> str:
    """A short name for these texts."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def read_stamp() -> dict[str, str]:
    """What the environment was filled from."""
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def environment_works() -> bool:
    """Whether there is an environment with a Python that is new enough, and at the place where it was made."""
    ask = "import sys, pip; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([python(), "-c", ask], capture_output=True, check=False, env=clean()).returncode == 0
    except OSError:
        return False


def create_environment() -> None:
    """Make .venv anew."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not apt_install([package]):
            raise Stop(f"This Python cannot make an environment (Debian keeps that apart); run: sudo apt-get install {package}")
    say("Making the environment .venv ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], capture_output=True, text=True, check=False, env=clean()
    )
    if made.returncode != 0:
        raise Stop(f"The environment {ENVIRONMENT} could not be made: {last_line(made.stdout + made.stderr)}")


def pip(*arguments: str) -> None:
    """Run pip in the environment; Stop with its own reason."""
    options = ("--no-input", "--disable-pip-version-check")
    done = subprocess.run(
        [python(), "-m", "pip", *arguments, *options], stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False, env=clean()
    )
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = errors[-1].removeprefix("ERROR: ") if errors else last_line(done.stderr)
        reason = reason.rstrip(".")
        raise Stop(f"The packages could not be installed: {reason}. Check the network and the disk, then run this again.")


def python() -> str:
    """The environment's Python."""
    return str(ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def clean() -> dict[str, str]:
    """This process's variables, without those that would point the environment's Python elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")}


def in_environment(*arguments: str) -> int:
    """Run the environment's Python from the checkout; its exit status."""
    try:
        return subprocess.run([python(), *arguments], cwd=ROOT, check=False, env=clean()).returncode
    except OSError as error:
        raise Stop(f"{python()} cannot be started ({error.strerror}); delete .venv and run this again.") from error


# ---- the system -----------------------------------------------------------------------------------------------------------


def bring_system_libraries() -> None:
    """Install what Qt needs of a Debian system, or name the command that does."""
    from app.system_libraries import PACKAGES, how_to_install, missing  # standard library only; it lies in the checkout

    lacking = missing()
    if lacking and not apt_install([PACKAGES[name] for name in lacking]):
        say(f"This system lacks libraries that the window needs ({', '.join(lacking)}); run: {how_to_install(lacking)}")


def bring_tools_of_the_tests() -> None:
    """Install what the test on a real screen needs, or say that it will be skipped."""
    if not sys.platform.startswith("linux"):
        return
    lacking = [package for tool, package in TOOLS_OF_THE_TESTS.items() if shutil.which(tool) is None]
    lacking += [] if FONTS.is_dir() else ["fonts-dejavu"]
    if lacking and not apt_install(lacking):
        say(f"The tests on a real screen are skipped without {', '.join(lacking)}; run: sudo apt-get install {' '.join(lacking)}")


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages, if this is root on a Debian system; whether that was done."""
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"Installing system packages: {' '.join(packages)} ...")
    quick = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *quick, *packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (install, ["apt-get", "update", "-qq", *quick], install):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if command is install and done.returncode == 0:
            return True
    say(f"That did not work: {last_line(done.stderr)}")
    return False


def screen_problem() -> str:
    """Why no window can be opened here, in one sentence; empty if one can."""
    from app.screen import reason_for_no_screen  # standard library only, like the list of libraries

    reason = reason_for_no_screen()
    if reason:
        return reason
    ask = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    asked = subprocess.run([python(), "-c", ask], capture_output=True, text=True, check=False, env=clean())
    return "" if asked.returncode == 0 else f"Qt cannot open a window here: {last_line(asked.stderr)}"


def draw_tour() -> int:
    """The first exhibit as a picture and as an animation."""
    TOUR.mkdir(exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for name in (f"{FIRST_EXHIBIT}.png", f"{FIRST_EXHIBIT}.svg", f"{FIRST_EXHIBIT}.gif"):
        status = in_environment("-m", "app", "render", FIRST_EXHIBIT, "-o", str(TOUR / name))
        if status != 0:
            return status
        say(f"drawn: {TOUR / name}")
    return 0


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
