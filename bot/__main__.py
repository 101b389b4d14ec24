"""The command `thongthin`, and `python -m bot` in a bare clone."""

from __future__ import annotations

import os
import sys

from bot import bootstrap


def main() -> None:
    from bot.command_line import run  # what it imports may have to be installed first

    os.umask(0o077)  # the data folder holds names and answers: nobody else on the machine reads it
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    bootstrap.ready("bot")
    main()
