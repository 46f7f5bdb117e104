"""The part of `official.py` that runs in a process of its own, where it may be ended at will.

Run as a file, not as a module: it needs nothing of this package.
"""

import sys
import urllib.error
import urllib.request

_HOST = "https://get.pulumi.com/"


def reach(seconds: float) -> None:
    """Exit with the reason when the installer's host can't be reached; any answer is enough."""
    try:
        with urllib.request.urlopen(_HOST, timeout=seconds):
            pass
    except urllib.error.HTTPError as error:
        # The host itself may answer anything to a bare request; a proxy's refusal is a refusal.
        if error.code in {403, 407, 502, 503, 504}:
            sys.exit(f"HTTP {error.code}")
    except OSError as error:
        sys.exit(str(getattr(error, "reason", error)))


def install(root: str, version: str) -> None:
    """Let the SDK download its installer and run it; half a second goes to importing it."""
    from pulumi.automation import PulumiCommand  # noqa: PLC0415 - `reach` does without
    from semver import VersionInfo  # noqa: PLC0415

    try:
        PulumiCommand.install(root=root, version=VersionInfo.parse(version))
    except Exception as error:  # noqa: BLE001 - its script, the network, the disk: one line tells
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    if sys.argv[1] == "reach":
        reach(float(sys.argv[2]))
    else:
        install(sys.argv[2], sys.argv[3])
