"""`python -m app`, and the `flight-console` command."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    from app.cli.running import run

    return run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":  # a spawned child imports this module without running it
    raise SystemExit(main())
