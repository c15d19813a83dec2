"""What was compiled from a template is kept: in this process, and beside Python's own bytecode for the next.

Half a second of each start of a server is saved, and so of each return after a crash.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

MAKER = hashlib.sha1(
    jinja2.__version__.encode() + Path(__file__).with_name("templates.py").read_bytes(), usedforsecurity=False
).hexdigest()
"""What compiles, and with which options: another one's work is not taken."""
FOLDER = Path(cache_from_source(__file__)).with_name("templates")
DAMAGED = (
    OSError, EOFError, ValueError, TypeError, AttributeError, ImportError, IndexError, pickle.UnpicklingError,
)  # fmt: skip
"""What reading a spoilt file may raise: it is compiled anew, and no server fails to start for it."""


class Compiled(FileSystemBytecodeCache):
    """Nothing depends on the folder: where it can't be written, or should not, each process compiles anew."""

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__(str(folder))
        self._code: dict[tuple[str, str], Any] = {}

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(MAKER + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            with suppress(*DAMAGED):
                super().load_bytecode(bucket)
        if bucket.code is not None:
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._keep(bucket)
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)

    def _keep(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code
