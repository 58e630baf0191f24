"""Flight Console from a checkout: start it, test it, measure it, photograph it.

    python3 packaging/dev.py run [-- ARGUMENTS]   start the console
    python3 packaging/dev.py test [--long]        every check there is
    python3 packaging/dev.py bench [NAME ...]     the speed promises, as ratios
    python3 packaging/dev.py shots DIR [OPTIONS]  a picture of every screen
    python3 packaging/dev.py lock [--upgrade]     pin the packages anew

Needs nothing but Python 3.11 or newer. The first start makes .venv beside this
folder, installs the pinned packages into it (each checked against its hash) and looks
whether the system has what Qt needs: what is missing is installed with apt when you are
root on Debian or Ubuntu, else you are told the one command. Later starts skip all that.

run    Everything after -- goes to the console: `run -- outages --json`. Without
       arguments the window opens; with no display to show it on, the sample outage is
       flown headless instead and its papers are left in build/flight.
test   ruff (style and format), mypy --strict, import-linter, pytest without a display;
       says at the end what failed. --long gives random histories and kill trials their
       full counts. Anything else goes to pytest: `test tests/models -k window`.
bench  Runs tests/bench: each line is a ratio against a floor measured in the same run.
shots  Writes one PNG a screen, dark and light, into DIR. --percent 150 makes everything
       larger, --size 1180x720 the window smaller.
lock   Writes packaging/constraints*.txt for Linux, macOS and Windows from pyproject.toml,
       keeping the versions it can; --upgrade takes the newest instead.

Exit codes: 0 all well; 1 a check or a speed promise failed; 2 the set-up could not be
done, and one sentence says why and what to do next.
"""

import sys

OLDEST = (3, 11)

# An old Python must be able to read this file to be told; so no newer grammar here, and no
# `from __future__ import annotations`, which 3.6 refuses.
if sys.version_info[:2] < OLDEST:
    sys.stderr.write(
        "Flight Console needs Python {}.{} or newer, and this is {}.{} ({}). "
        "Install a newer one and start again with it, for example: "
        "python3.12 packaging/dev.py run\n".format(*OLDEST, *sys.version_info[:2], sys.executable)
    )
    raise SystemExit(2)

import io
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import machine
from environment import ROOT, Environment, Purpose
from trouble import Trouble

HEADLESS_FLIGHT = ROOT / "build" / "flight"


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main(arguments: Sequence[str]) -> int:
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("--help", [])
    commands = {"run": run, "test": test, "bench": bench, "shots": shots, "lock": lock}
    if command in ("-h", "--help", "help") or rest[:1] in (["-h"], ["--help"]):
        say((__doc__ or "").strip())
        return 0
    if command not in commands:
        raise Trouble(
            f"There is no command {command!r}. Say one of: {', '.join(commands)}, or --help."
        )
    return commands[command](rest)


def run(rest: list[str]) -> int:
    if rest[:1] == ["--"]:
        rest = rest[1:]
    environment = Environment()
    environment.ensure(Purpose.RUN, window=machine.needs_window_libraries(), say=say)
    surroundings = dict(os.environ)
    if not machine.has_display():
        surroundings["QT_QPA_PLATFORM"] = "offscreen"
        if wants_window(rest):
            say(
                "There is no display for the window, so the sample outage is flown headless; "
                f"its notices, packet, report and pictures will be in {HEADLESS_FLIGHT}"
            )
            rest = ["fly", "--out", str(HEADLESS_FLIGHT), *rest]
    return become([str(environment.python), "-m", "app", *rest], surroundings)


def wants_window(arguments: Sequence[str]) -> bool:
    """No argument opens the console; `--data DIR` only says on which data."""
    rest = list(arguments)
    while rest:
        if rest[0].startswith("--data="):
            rest = rest[1:]
        elif rest[0] == "--data":
            rest = rest[2:]
        else:
            return False
    return True


def become(command: Sequence[str], surroundings: Mapping[str, str]) -> int:
    """Hand this process over, so that signals and exit code are the console's own."""
    if sys.platform != "win32":  # whose exec returns to the shell at once
        sys.stdout.flush()
        os.execve(command[0], list(command), dict(surroundings))
    return subprocess.call(list(command), env=dict(surroundings))


def test(rest: list[str]) -> int:
    import checks

    environment = Environment()
    environment.ensure(Purpose.TEST, window=False, say=say)  # all of it draws off-screen
    return checks.run_all(environment, rest, say)


def bench(rest: list[str]) -> int:
    import benches

    environment = Environment()
    environment.ensure(Purpose.TEST, window=False, say=say)  # all of it draws off-screen
    return benches.run_all(environment, rest, say)


def shots(rest: list[str]) -> int:
    if not rest or rest[0].startswith("-"):
        raise Trouble("Say a folder for the pictures: python3 packaging/dev.py shots DIR")
    return run(["shots", str(Path(rest[0]).resolve()), *rest[1:]])


def lock(rest: list[str]) -> int:
    import lock as locking

    if set(rest) - {"--upgrade"}:
        raise Trouble("lock takes no argument but --upgrade.")
    locking.write_pins(Environment(), upgrade="--upgrade" in rest, say=say)
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # an old console encoding is no reason to stop
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = main(sys.argv[1:])
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        print("Stopped. Start again: what is already downloaded is kept.", file=sys.stderr)
        code = 130
    raise SystemExit(code)
