"""Runs the tests' scripts, each in a process forked from this one, which has imported what takes long to import.

Standard input is a socket. What comes over it are lines of JSON, each a script to run: `id`; `script`, its text, or
`path`, its file; `arguments`, from sys.argv[1] on; `directory` to run it in; and `output` and `errors`, files for what
it prints. When it has ended, a line of JSON goes back: `id`, and `status`, the exit code or 128 + the number of a
signal. Scripts run side by side. The end of the input, which comes with the end of the tests however they end, is the
end of this process and of the scripts that still run.
"""

import contextlib
import importlib
import json
import os
import re
import runpy
import selectors
import signal
import socket
import sys
import types

# What is forked must have no other threads. Scripts, and what they start, are not to know of it.
ONE_THREAD = [name for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS") if name not in os.environ]
os.environ.update(dict.fromkeys(ONE_THREAD, "1"))

import h5py  # noqa: E402, F401
import numpy  # noqa: E402, F401

# Imported here, for all scripts that follow, when the first script imports one of them.
SLOW = """Bio.Phylo dendropy dendropy.calculate.treecompare higra pydot scipy.cluster.hierarchy scipy.optimize scipy.sparse
sklearn.metrics""".split()
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


def become(request):
    """Makes this process, which was just forked, the one that runs a script."""
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


def run(request):
    path = request.get("path")
    sys.argv = [path or "-c", *request["arguments"]]
    sys.path[0] = os.path.dirname(path) if path else ""
    if path:
        runpy.run_path(path, run_name="__main__")
    else:
        # A module of that name, so that files the script leaves open are closed at the end as they are of any other.
        sys.modules["__main__"] = module = types.ModuleType("__main__")
        exec(compile(request["script"], "<script>", "exec"), module.__dict__)


def serve(tests):
    """Forks for each script that comes. Returns the script, in the process that is to run it, or None at the end."""
    events = selectors.DefaultSelector()
    events.register(tests, selectors.EVENT_READ)
    running = {}  # by the descriptor of the process: its number, and the script's
    received = b""
    while True:
        for key, _ in events.select():
            if key.fileobj is not tests:
                process, script = running.pop(key.fd)
                events.unregister(key.fd)
                os.close(key.fd)
                status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
                answer = {"id": script, "status": status if status >= 0 else 128 - status}
                tests.sendall(json.dumps(answer).encode() + b"\n")
                continue
            part = tests.recv(1 << 16)
            if not part:
                for process, _ in running.values():
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process, signal.SIGKILL)
                return None
            *lines, received = (received + part).split(b"\n")
            for request in map(json.loads, lines):
                import_for(request.get("script", ""))
                process = os.fork()
                if process == 0:
                    tests.close()
                    become(request)
                    return request
                # The process does it too, so that it is done whichever comes first; it may have ended since.
                with contextlib.suppress(OSError):
                    os.setpgid(process, process)
                descriptor = os.pidfd_open(process)
                running[descriptor] = process, request["id"]
                events.register(descriptor, selectors.EVENT_READ)


signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.dont_write_bytecode = True
if script := serve(socket.socket(fileno=os.dup(0))):
    run(script)
