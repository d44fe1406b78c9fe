"""`python -m logitree` is the program."""

import os
import sys

from ._program import find_program

if __name__ == "__main__":
    program = find_program()
    sys.stdout.flush()
    os.execv(program, [program, *sys.argv[1:]])
