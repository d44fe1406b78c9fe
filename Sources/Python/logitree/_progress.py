"""How far the program is, shown where people look."""

from __future__ import annotations

import contextlib
import sys
from typing import Any, List, Optional

#: What the program writes to a terminal before a line that takes the place of the last one.
OVER = "\r\x1b[K"


class Screen:
    """Shows what the program says: on standard error, line by line."""

    #: Whether a line can take the place of another.
    renews_lines = False

    def show(self, line: str, is_whole: bool) -> None:
        """Shows a line in the place of the last one that was not whole."""
        if is_whole:
            _write(line + "\n")

    def close(self) -> None:
        """Takes away what is of no use afterwards."""


class _Terminal(Screen):
    renews_lines = True

    def show(self, line: str, is_whole: bool) -> None:
        _write(OVER + line + ("\n" if is_whole else ""))


class _Notebook(Screen):
    """An output of a cell that renews itself."""

    renews_lines = True

    def __init__(self, display: Any) -> None:
        self._lines: List[str] = []
        self._handle = display({"text/plain": ""}, raw=True, display_id=True)

    def show(self, line: str, is_whole: bool) -> None:
        shown = self._lines + [line]
        if is_whole:
            self._lines = shown
        self._handle.update({"text/plain": "\n".join(shown)}, raw=True)

    def close(self) -> None:
        self._handle.update({"text/plain": ""}, raw=True)


def screen(progress: Optional[bool]) -> Optional[Screen]:
    """Where to show progress. None: on a terminal, and in a notebook."""
    if progress is False:
        return None
    ipython = sys.modules.get("IPython")
    if ipython is not None and hasattr(ipython.get_ipython(), "kernel"):
        from importlib import import_module

        return _Notebook(import_module("IPython.display").display)
    if _is_terminal():
        return _Terminal()
    return Screen() if progress else None


def _is_terminal() -> bool:
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):
        return False


def _write(text: str) -> None:
    # If it can't be shown, the work goes on.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text)
        sys.stderr.flush()
