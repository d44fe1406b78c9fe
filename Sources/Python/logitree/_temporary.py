"""Directories that go with what is in them, or with the process that made them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import platform
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any, Dict

_PREFIX = "logitree-"
#: What a directory's owner holds a lock on.
_MARK = "owner"


class Temporary:
    """A directory that goes when nothing refers to it any more, or when the process that made it ends.

    A child by `fork` has it too, and leaves it alone. That of a process that was killed goes by `sweep`.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        descriptor = os.open(self.path / _MARK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        # Where locks can't be had, nobody sweeps.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(descriptor, _host())
        self.remove = weakref.finalize(self, _remove, self.path, descriptor, os.getpid())

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()

    def __deepcopy__(self, _: Dict[int, Any]) -> "Temporary":
        return self


def sweep() -> None:
    """Removes what processes left that were killed: directories of this user's that nobody holds the lock of."""
    for mark in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_MARK}"):
        with contextlib.suppress(OSError):
            _sweep(mark)


def _sweep(mark: Path) -> None:
    descriptor = os.open(mark, os.O_RDWR | os.O_NOFOLLOW)
    try:
        # What another machine holds, locks may not tell. A mark without a host is not locked yet.
        if os.fstat(descriptor).st_uid == os.geteuid() and os.read(descriptor, 1 << 10) == _host():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(mark.parent, ignore_errors=True)
    finally:
        os.close(descriptor)


def _host() -> bytes:
    return f"logitree on {platform.node()}\n".encode()


def _remove(path: Path, descriptor: int, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)
