"""The command `thongthin`, and `python -m bot` in a bare clone."""

from __future__ import annotations

import sys

from bot import bootstrap


def main() -> None:
    from bot.command_line import run  # what it imports may have to be installed first

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    bootstrap.ready("bot")
    main()
