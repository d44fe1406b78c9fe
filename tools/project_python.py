"""What the Python tools need to find: packages (from any python3: if it lacks one, a tool goes on in the virtual
environment), and the program."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def require(*modules):
    """Returns when all `modules` can be imported; else starts the script again in .venv, or ends it with advice."""
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if not missing:
        return
    venv = ROOT / ".venv"
    python = venv / "bin" / "python"
    if python.exists() and Path(sys.prefix).resolve() != venv.resolve():
        os.execv(python, [str(python), *sys.argv])
    sys.exit(f"{sys.argv[0]}: Python package missing: {', '.join(missing)}. Run tools/setup --python first.")


def program():
    """The release build of `logitree`, or what LOGITREE_BINARY names."""
    if "LOGITREE_BINARY" in os.environ:
        return Path(os.environ["LOGITREE_BINARY"]).resolve()
    command = ["swift", "build", "-c", "release"]
    subprocess.run([*command, "--product", "logitree"], cwd=ROOT, check=True, stdout=sys.stderr)
    shown = subprocess.run([*command, "--show-bin-path"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Path(shown.stdout.strip()) / "logitree"


def static_program():
    """The same, linked statically as it is handed to others."""
    if "LOGITREE_BINARY" in os.environ:
        return program()
    subprocess.run([ROOT / "tools" / "static-build"], check=True, stdout=sys.stderr)
    return ROOT / ".build" / "static" / "logitree"
