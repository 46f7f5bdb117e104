"""`python -m bench.judging FOLDER`: read a workload's stack file and judge it, once.

Prints CPU seconds of both as JSON. In a process of its own, so that no run finds the one before it
in Python's caches.
"""

import json
import sys
import time
from pathlib import Path

from bench.workload import REGION, STACK, STACK_FILE
from stack.file.source import Source
from stack.stack_file import StackFile
from topologies import TOPOLOGIES


def main() -> None:
    """Read and judge the stack file in the folder that the command line names."""
    path = Path(sys.argv[1]) / STACK_FILE
    began = time.process_time()
    source = Source.read(path)
    read = time.process_time()
    settings = StackFile(source, STACK, TOPOLOGIES).settings
    judged = time.process_time()
    if settings.region != REGION:
        raise AssertionError("the stack file wasn't read")
    json.dump({"read": read - began, "judge": judged - read}, sys.stdout)


if __name__ == "__main__":
    main()
