"""The project's own Makefile with a stand-in for Python: what each line of make comes to."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parent.parent
_PYTHON = """\
#!/bin/sh
{ printf '%s\\0' "$@"; printf '\\036'; } >> calls
"""


def made(
    words: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> list[list[str]]:
    """The arguments of each call of Python that make makes, in order.

    Args:
        words: what is typed, from `make` on.
        folder: where it is typed, a new one unless given; the Makefile is put there.
        environment: variables that are set beside the PATH.
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as new:
            return made(words, Path(new), environment)
    shutil.copyfile(ROOT / "Makefile", folder / "Makefile")
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(_PYTHON, encoding="utf-8")
    python.chmod(0o755)
    for name in ("requirements.txt", "requirements-dev.txt", ".venv/.program", ".venv/.dev"):
        (folder / name).touch()
    subprocess.run(
        words,
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    calls = folder / "calls"
    text = calls.read_text(encoding="utf-8") if calls.exists() else ""
    calls.unlink(missing_ok=True)
    return [call.split("\0")[:-1] for call in text.split("\036")[:-1]]
