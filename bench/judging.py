"""`python -m bench.judging FOLDER`: read a workload's stack file and judge it, once.

Prints CPU seconds of both as JSON. In a process of its own, so that no run finds the one before it
in Python's caches.
"""

import json
import sys
import time
from pathlib import Path

from bench.workload import REGION, STACK, STACK_FILE
from stack.loader import file_values, settings_of_values
from stack.yaml_file import YamlFile
from topologies import TOPOLOGIES


def main() -> None:
    """Read and judge the stack file in the folder that the command line names."""
    path = Path(sys.argv[1]) / STACK_FILE
    began = time.process_time()
    file = YamlFile.read(path)
    values, _ = file_values(file)
    read = time.process_time()
    settings = settings_of_values(values, STACK, TOPOLOGIES, file=file)
    judged = time.process_time()
    if settings.region != REGION:
        raise AssertionError("the stack file wasn't read")
    json.dump({"read": read - began, "judge": judged - read}, sys.stdout)


if __name__ == "__main__":
    main()
