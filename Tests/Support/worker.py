"""Runs the tests' scripts, each in a process forked from this one, which has imported what takes long to import.

Standard input is a socket. What comes over it are lines of JSON, each a script to run: `id`; `script`, its text, or
`path`, its file; `arguments`, from sys.argv[1] on; `directory` to run it in; and `output` and `errors`, files for what
it prints. When it has ended, a line of JSON goes back: `id`; `status`, the exit code or 128 + the number of a signal; and
`seconds`, the processor time. Scripts run side by side. The end of the input, which comes with the end of the tests
however they end, is the end of this process and of the scripts that still run.
"""

import atexit
import contextlib
import gc
import importlib
import json
import multiprocessing
import os
import re
import resource
import selectors
import signal
import socket
import sys
import types
from pathlib import Path

# What is forked must have no other threads. Scripts, and what they start, are not to know of it.
ONE_THREAD = [name for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS") if name not in os.environ]
os.environ.update(dict.fromkeys(ONE_THREAD, "1"))

import h5py  # noqa: E402, F401
import numpy  # noqa: E402, F401
# NumPy imports these when they are first used.
import numpy.random  # noqa: E402, F401
import numpy.testing  # noqa: E402, F401

# What nearly all scripts import, and would compile each.
sys.path.insert(1, str(Path(__file__).parent.parent / "Oracle"))
import make_cases  # noqa: E402, F401
import oracle  # noqa: E402, F401

# Imported here, for all scripts that follow, when the first script imports one of them.
SLOW = """Bio.Phylo PIL.Image dendropy dendropy.calculate.treecompare higra pydot scipy.cluster.hierarchy scipy.optimize
scipy.sparse selenium.webdriver.chrome.webdriver selenium.webdriver.support.ui sklearn.metrics""".split()
# Modules of the tests that import slow ones.
OURS = {"evaluation": ["higra", "scipy.optimize", "sklearn.metrics"]}


def import_for(script):
    """Imports what a script, as text, is about to import and others will too."""
    packages = set(re.findall(r"^\s*(?:from|import) (\w+)", script, re.MULTILINE))
    names = [name for name in SLOW if name.split(".")[0] in packages]
    for name in names + [name for ours in packages & OURS.keys() for name in OURS[ours]]:
        # What is missing, the script itself says.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


# How multiprocessing starts a process; a script's own may start otherwise.
FORKED = multiprocessing.get_context("fork")


def become(request):
    """Makes this process the one that runs a script."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    files = [os.open(os.devnull, os.O_RDONLY)]
    files += [os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644) for name in ("output", "errors")]
    for descriptor, file in enumerate(files):
        os.dup2(file, descriptor)
        os.close(file)
    for name in ONE_THREAD:
        del os.environ[name]
    os.chdir(request["directory"])


def run(request, tests):
    """Runs a script in this process, which was just forked, and does what an interpreter does at its end, but for taking
    down all that was imported: that takes longer than most scripts."""
    tests.close()
    become(request)
    path = request.get("path")
    sys.argv = [path or "-c", *request["arguments"]]
    sys.path[0] = os.path.dirname(path) if path else ""
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    if path:
        module.__file__ = path
    try:
        exec(compile(request["script"], path or "<script>", "exec"), module.__dict__)
    finally:
        atexit._run_exitfuncs()
        # Files that it left open are closed.
        module.__dict__.clear()
        gc.collect()


def processor_time():
    """That of all scripts that have ended, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def serve(tests):
    """Forks for each script that comes, until the end of the input."""
    events = selectors.DefaultSelector()
    events.register(tests, selectors.EVENT_READ)
    running = {}  # by a descriptor that tells of the end of a process: the process, and the script's number
    received = b""
    while True:
        for key, _ in events.select():
            if key.fileobj is not tests:
                process, script = running.pop(key.fd)
                events.unregister(key.fd)
                before = processor_time()
                process.join()
                status = process.exitcode
                process.close()
                answer = {"id": script, "status": status if status >= 0 else 128 - status}
                answer["seconds"] = processor_time() - before
                tests.sendall(json.dumps(answer).encode() + b"\n")
                continue
            part = tests.recv(1 << 16)
            if not part:
                for process, _ in running.values():
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                return
            *lines, received = (received + part).split(b"\n")
            for request in map(json.loads, lines):
                if "path" in request:
                    request["script"] = Path(request["path"]).read_text("utf-8")
                import_for(request["script"])
                # What is there already is no garbage of the script, and need not be looked through for any.
                gc.freeze()
                process = FORKED.Process(target=run, args=(request, tests))
                process.start()
                # The process does it too, so that it is done whichever comes first; it may have ended since.
                with contextlib.suppress(OSError):
                    os.setpgid(process.pid, process.pid)
                running[process.sentinel] = process, request["id"]
                events.register(process.sentinel, selectors.EVENT_READ)


signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.dont_write_bytecode = True
serve(socket.socket(fileno=os.dup(0)))
