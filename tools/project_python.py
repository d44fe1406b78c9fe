"""Lets the Python tools run from any python3: if it lacks a package, they go on in the virtual environment."""

import importlib.util
import os
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
