"""Where the program is, and how it is run."""

from __future__ import annotations

import codecs
import contextlib
import importlib.metadata
import os
import shutil
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import IO, Callable, Iterator, List, Mapping, Optional, Sequence

from ._errors import LogitreeWarning, error
from ._messages import in_python, without_paths
from ._progress import OVER, Screen, screen

_NAME = "logitree"


def find_program() -> str:
    """The path of the program: what `LOGITREE_PROGRAM` names, or the one that was installed with this package, or one
    on the `PATH`.

    Raises:
        FileNotFoundError: if there is none.
    """
    named = os.environ.get("LOGITREE_PROGRAM")
    if named:
        if not _is_program(named):
            raise FileNotFoundError(f"LOGITREE_PROGRAM names {named}, which is no program")
        return named
    for path in _installed():
        if _is_program(path):
            return path
    found = shutil.which(_NAME)
    if found is None:
        raise FileNotFoundError("no logitree that was installed with this package, and none on the PATH")
    return found


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _installed() -> Iterator[str]:
    """Where the program may be that came in the same wheel as this package."""
    beside = Path(__file__).resolve().parent.parent
    # `pip install --target` puts it there, whatever its list of files says.
    yield str(beside / "bin" / _NAME)
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        distribution = importlib.metadata.distribution(_NAME)
        # Another installation of the same name has another program.
        if Path(str(distribution.locate_file(""))).resolve() == beside:
            for file in distribution.files or []:
                path = Path(str(file.locate())).resolve()
                if file.name == _NAME and path.is_file() and path.stat().st_size == file.size:
                    yield str(path)


def run(
    arguments: Sequence[str],
    *,
    file: Optional[IO[bytes]] = None,
    feed: Optional[Callable[[int], None]] = None,
    progress: Optional[bool] = False,
    called: Mapping[str, str] = {},
) -> bytes:
    """Runs the program, and returns what it writes on standard output.

    What it warns of becomes warnings, and what it refuses an error. If this call is interrupted, the program is asked
    to stop, and keeps what it has finished.

    Args:
        file: What the program reads on standard input.
        feed: Writes what the program reads on standard input to a file descriptor.
        progress: Whether to show how far it is. None: on a terminal, and in a notebook.
        called: What to call files that stand for what is in memory, by their paths.
    """
    with _Listener(screen(progress), called) as listener:
        process = subprocess.Popen(
            [find_program(), *arguments],
            stdin=subprocess.PIPE if feed is not None else subprocess.DEVNULL if file is None else file,
            stdout=subprocess.PIPE,
            stderr=listener.end,
            bufsize=0,
        )
        try:
            listener.start()
            output = _exchange(process, feed)
        except BaseException:
            _stop(process)
            raise
    for text in listener.warnings:
        warnings.warn(in_python(text, called), LogitreeWarning, stacklevel=_depth())
    if process.returncode != 0:
        raise error(process.returncode, in_python(listener.error, called))
    return output


def version() -> str:
    """The version of the program."""
    return run(["--version"]).decode().strip()


def _exchange(process: "subprocess.Popen[bytes]", feed: Optional[Callable[[int], None]]) -> bytes:
    if feed is not None:
        assert process.stdin is not None
        feed(process.stdin.fileno())
        process.stdin.close()
    assert process.stdout is not None
    output = process.stdout.read()
    process.stdout.close()
    process.wait()
    return output


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Asks a program to stop, and waits for it: it puts away what it has finished."""
    # Not SIGINT: the terminal may have sent one, and a second one ends the program at once.
    process.send_signal(signal.SIGTERM)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    try:
        process.wait()
    except BaseException:
        # Whoever interrupts again does not want to wait.
        process.kill()
        process.wait()
        raise


def _depth() -> int:
    """How far up the caller of this package is, for the place that a warning names."""
    depth, frame = 1, sys._getframe(1)
    here = os.path.dirname(__file__)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == here:
        depth, frame = depth + 1, frame.f_back
    return depth


class _Listener:
    """Hears what a program says on standard error: shows its progress, and keeps warnings and the error."""

    _ERROR = "logitree: error: "
    _WARNING = "logitree: warning: "

    def __init__(self, screen: Optional[Screen], called: Mapping[str, str]) -> None:
        self._called = called
        self.warnings: List[str] = []
        self._error: List[str] = []
        self._notes: List[str] = []
        self._screen = screen
        self._text = ""
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._own, self.end = self._terminal() if screen is not None and screen.renews_lines else os.pipe()

    @staticmethod
    def _terminal() -> "tuple[int, int]":
        """A terminal for the program, so that it tells how far it is; a pipe where there is none to be had."""
        import fcntl
        import pty
        import struct
        import termios
        import tty

        try:
            own, end = pty.openpty()
        except OSError:
            return os.pipe()
        tty.setraw(end)
        size = shutil.get_terminal_size()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", size.lines, size.columns, 0, 0))
        return own, end

    @property
    def error(self) -> str:
        """What went wrong, in the program's words."""
        text = "\n".join(self._error or self._notes).strip()
        return text[len("Error: ") :] if text.startswith("Error: ") else text

    def __enter__(self) -> "_Listener":
        return self

    def start(self) -> None:
        """Begins to listen: the program has its end."""
        os.close(self.end)
        self.end = -1
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        if self.end >= 0:
            os.close(self.end)
        if self._thread.ident is not None:
            self._thread.join()
        os.close(self._own)
        if self._screen is not None:
            self._screen.close()

    def _listen(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            try:
                read = os.read(self._own, 1 << 16)
            except OSError:  # EIO: the terminal has no other end any more
                read = b""
            self._text += decoder.decode(read, final=not read)
            self._take(is_end=not read)
            if not read:
                return

    def _take(self, is_end: bool) -> None:
        *lines, self._text = self._text.split("\n")
        for line in lines:
            self._line(line)
        if is_end and self._text:
            self._line(self._text)
        elif OVER in self._text:
            line = self._text.rpartition(OVER)[2]
            self._text = OVER + line
            self._show(line, is_whole=False)

    def _line(self, text: str) -> None:
        line = text.rpartition(OVER)[2]
        if self._error or line.startswith(self._ERROR):
            self._error.append(line if self._error else line[len(self._ERROR) :])
        elif line.startswith(self._WARNING):
            self.warnings.append(line[len(self._WARNING) :])
        elif line:
            self._notes.append(line)
            self._show(line, is_whole=True)
            return
        if OVER in text:
            self._show("", is_whole=False)

    def _show(self, line: str, is_whole: bool) -> None:
        if self._screen is not None:
            self._screen.show(without_paths(line, self._called), is_whole)
