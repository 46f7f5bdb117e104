"""Runs one of the sandbox's modules for a script of `sandbox/bin`, from wherever that is called.

The project is on the path of this process alone: what is started from here, the engine and through
it the user's program, has to find its own modules by itself.
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    runpy.run_module(f"sandbox.{sys.argv.pop(1)}", run_name="__main__", alter_sys=True)
