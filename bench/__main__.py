"""`python -m bench`: measure what the design promises under "Speed".

Exit codes: 0 every limit was kept, 1 one was missed or a program failed. `--report-only` makes a
missed limit 0 too, for machines whose figures nobody should fail for.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Row, judged
from bench.measurements import FULL, QUICK, Bench
from bench.processes import RunFailedError
from bench.report import as_json, missed, print_table
from sandbox.engine import EngineMissing, find_engine

OK, FAILED = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="alicloud-gateways-bench-") as folder:
            bench = Bench(Path(folder), QUICK if options.quick else FULL, _tell)
            rows = _measure(bench, find_engine(_tell))
    except (RunFailedError, EngineMissing) as reason:
        _tell(str(reason))
        return FAILED
    except KeyboardInterrupt:
        _tell("interrupted; nothing is left behind")
        return FAILED
    report = judged(rows)
    if options.json:
        print(as_json(report))
    else:
        print_table(report)
    for line in missed(report):
        _tell(f"missed: {line}")
    return FAILED if missed(report) and not options.report_only else OK


def _measure(bench: Bench, engine: Path) -> list[Row]:
    different = bench.compare()
    if different:
        message = "the two programs don't register the same, so no ratio between them means much"
        raise RunFailedError("\n".join([message, *different[:12]]))
    return [*bench.alone(), *bench.preview(engine), *bench.validation(), *bench.plan()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and smaller: about a minute")
    parser.add_argument("--json", action="store_true", help="one JSON document, with every run")
    parser.add_argument(
        "--report-only", action="store_true", help="exit with 0 even when a limit was missed"
    )
    return parser


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
