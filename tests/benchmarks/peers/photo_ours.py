"""Our whole pipeline on one photo: FILE OUT; prints processor seconds and peak MB."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from storage.photos import Prepared, prepare
from tests.benchmarks.peers.peak import peak


def main(file: str, out: str) -> None:
    data = Path(file).read_bytes()
    began = time.process_time()
    prepared = prepare(data)
    took = time.process_time() - began
    assert isinstance(prepared, Prepared), prepared
    Path(out).write_bytes(prepared.web)
    print(took, peak())


if __name__ == "__main__":
    main(*sys.argv[1:3])
