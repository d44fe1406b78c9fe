"""The store that a hierarchy is in: a directory that the program reads and writes."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from . import _program
from ._errors import CannotCreateError, DataError, InternalError, UsageError, writing
from ._files import Files, PathLike
from ._inputs import Inputs, path_argument
from ._messages import without_paths
from ._options import options_of
from ._temporary import Temporary


class Store:
    """A store, and what was read of it.

    All that is told of a store is of one state of it: once another has changed it, there is an error until it is opened
    anew.
    """

    def __init__(self, path: PathLike) -> None:
        self._path = Path(os.fspath(path)).absolute()
        self._temporary: Optional[Temporary] = None
        self._known: Dict[str, Any] = {}
        self._state: Optional[Tuple[int, int, int]] = None
        self._read()

    @property
    def path(self) -> Path:
        """The store."""
        return self._path

    def _save_to(self, path: PathLike, replace: bool) -> "Path | None":
        """Copies the store to a path, which it returns. A temporary store goes there itself: None."""
        self._check()
        target = Path(os.fspath(path)).absolute()
        if target.exists() and not replace:
            raise CannotCreateError(f"{target}: is there already; replace=True replaces a store")
        with writing(target):
            copy = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            with writing(target):
                _copy(self._path, copy)
            if target.exists():
                Store(target)  # Nothing but a store is replaced.
                with writing(target):
                    shutil.rmtree(target)
            copy.rename(target)
        except BaseException:
            shutil.rmtree(copy, ignore_errors=True)
            raise
        if self._temporary is None:
            return target
        self._path, self._temporary = target, None
        self._state = _state(target)
        return None

    def __fspath__(self) -> str:
        return str(self._path)

    def __copy__(self) -> "Store":
        copy = type(self).__new__(type(self))
        copy.__dict__.update(self.__dict__)
        return copy

    def __deepcopy__(self, _: Dict[int, Any]) -> "Store":
        return self.__copy__()

    def __reduce__(self) -> Tuple[Any, ...]:
        if self._temporary is not None:
            raise UsageError("a hierarchy in a temporary store can't be pickled, since the store goes with it: save() it first")
        return type(self), (self._path,)

    # What the program tells, and does.

    def _tell(self, command: str, *arguments: str, options: Mapping[str, Any] = {}, files: Optional[Files] = None) -> bytes:
        """What a command writes about the store."""
        self._check()
        told = self._run(command, *arguments, options=options, files=files)
        self._check()
        return told

    def _tell_json(self, command: str, *arguments: str, options: Mapping[str, Any] = {}, files: Optional[Files] = None) -> Any:
        files = files or Files()
        told = self._tell(command, *arguments, "--json", options=options, files=files).decode()
        try:
            # Files that are gone by now have other names.
            return json.loads(without_paths(told, files.called))
        except ValueError:
            raise _strange() from None

    def _run(
        self,
        command: str,
        *arguments: str,
        options: Mapping[str, Any],
        files: Optional[Files] = None,
        inputs: Optional[Inputs] = None,
        progress: Optional[bool] = False,
    ) -> bytes:
        with files or Files() as own:
            inputs = inputs or Inputs([])
            given = [command, path_argument(self._path), *inputs.arguments, *arguments, *options_of(options, own)]
            called = {**own.called, **inputs.called}
            if self._temporary is not None:
                called[str(self._path)] = "the hierarchy"
            return _program.run(given, file=inputs.file, feed=inputs.feed, progress=progress, called=called)

    def _change(
        self,
        command: str,
        *arguments: str,
        options: Mapping[str, Any],
        inputs: Optional[Inputs] = None,
        progress: Optional[bool],
    ) -> None:
        """Has a command change the store, and reads it anew, however that ended."""
        self._check()
        self._state = None
        self._run(command, *arguments, options=options, inputs=inputs, progress=progress)
        self._read()

    # What is known of it.

    @property
    def _clusters(self) -> List[Dict[str, Any]]:
        self._check()
        clusters: List[Dict[str, Any]] = self._known["clusters"]
        return clusters

    def _check(self) -> None:
        """Makes sure that the store is as it was read."""
        if self._state is None:
            self._read()
        elif _state(self._path) not in (self._state, None):
            raise DataError(f"{self._path}: was changed by another since it was read; logitree.open reads it anew")

    def _read(self) -> None:
        """Reads the clusters, and forgets the rest, which may have changed."""
        state = _state(self._path)
        text = self._run("export", "--format=json", options={}).decode()
        try:
            # Not all of it: the tree may be nested deeper than this parser can go.
            clusters, _ = json.JSONDecoder().raw_decode(text, text.index("[", text.index('"clusters"')))
        except ValueError:
            raise _strange() from None
        self._known, self._state = {"clusters": clusters}, state


def _state(path: Path) -> Optional[Tuple[int, int, int]]:
    """What tells a state of a store from others; None if there is no store, which the program says."""
    try:
        found = os.stat(path / "manifest.json")
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _copy(store: Path, copy: Path) -> None:
    # `copytree` tells of what went wrong in words alone.
    for directory, _, files in os.walk(store):
        target = copy / Path(directory).relative_to(store)
        target.mkdir(exist_ok=True)
        for name in files:
            if name != "lock":
                shutil.copy2(os.path.join(directory, name), target)
        shutil.copystat(directory, target)


def _strange() -> InternalError:
    return InternalError(f"{_program.find_program()}: doesn't answer as logitree does; is it another program, or version?")
