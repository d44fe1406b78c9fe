"""Keywords as options of the program."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Mapping

from ._errors import ArgumentError, UsageError
from ._files import Files
from ._names import is_several, kind, scalar, text

#: Options that would make the program do something else, and what to do instead.
_OTHERS = {"help": "help(logitree)", "version": "logitree.__version__", "json": "", "quiet": "progress=False"}
#: Options that take one list, with commas between.
_LISTS = {"levels"}
#: What is read from files, and may be in memory here.
_FILES: Dict[str, Callable[[Files, Any], "str | List[str]"]] = {
    "annotations": Files.annotations,
    "blocks": Files.blocks,
    "calibrate_on": Files.rows,
    "coarse": Files.coarse,
    "label_names": Files.names,
    "labels": Files.labels,
    "names": Files.names,
    "taxonomy": Files.tree,
    "without": Files.columns,
}


def options_of(options: Mapping[str, Any], files: Files) -> List[str]:
    """Options of a command: `no_matrix=True` is --no-matrix, `cut=20` is --cut 20, a sequence repeats the option."""
    arguments: List[str] = []
    for name, value in options.items():
        if name in _OTHERS:
            instead = f": {_OTHERS[name]}" if _OTHERS[name] else ""
            raise ArgumentError(f"{name}= is for the command line{instead}")
        option = "--" + name.replace("_", "-")
        if name in _FILES and value is not None:
            value = _FILES[name](files, value)
        for each in _values(name, value):
            if each is True:
                arguments.append(option)
            elif each is not None and each is not False:
                # In one word, so that a value that begins with a hyphen is none of the options.
                arguments.append(f"{option}={each}")
    return arguments


def _values(name: str, value: Any) -> List[Any]:
    value = scalar(value)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, bytes):
        value = text(value)
    if isinstance(value, Mapping):
        raise UsageError(f"{name} is not a {kind(value)}")
    if not is_several(value):
        return [value]
    values = [each for item in value for each in _values(name, item)]
    return [",".join(map(str, values))] if name in _LISTS else values
