"""Look at the machine: the one part of the doctor that does; `asking` asks the account.

Nothing here raises because something is missing or broken; what couldn't be learnt is said in the
facts. Values of variables that could be secrets are looked at and forgotten.
"""

import importlib.metadata
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from judging.account.credentials import PROFILE_FILES, PROFILES
from stack.target import Target
from tools.doctor import credential_checks as names
from tools.doctor.asking import asked
from tools.doctor.files import backend_of, profile_of, sandbox_of, stack_file_of, token_of
from tools.doctor.machine import Backend, Engine, Machine, Package, Profile

_PROVIDER = "pulumi-alicloud"
_REGIONS = ("ALICLOUD_REGION", "ALIBABA_CLOUD_REGION")
_READ = (
    *(*names.KEYS, *names.SECRETS, *names.TOKENS, *names.URIS, *names.SERVER_ROLES),
    *(*names.OIDC, names.OIDC_TOKEN, *PROFILES, *PROFILE_FILES, *_REGIONS),
    *("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_BACKEND_URL"),
)
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)\s*(?:;\s*(?P<marker>[^\\]+?))?\s*\\?$")
_PLUGIN = re.compile(r"resource-alicloud-v(\d+\.\d+\.\d+\S*)")


def gathered(root: Path, targets: Sequence[Target]) -> Machine:
    """The machine, and the stacks of `targets`."""
    packages = tuple(_packages(root / "requirements.txt"))
    engines = tuple(_engines())
    set_variables = frozenset(
        # The passphrase may be empty on purpose: a stack that has no secrets worth one.
        name
        for name in _READ
        if os.environ.get(name) or _is_empty_passphrase(name)
    )
    stacks = tuple(stack_file_of(target) for target in targets)
    return Machine(
        python=sys.version_info[:3],
        packages=packages,
        engines=engines,
        go="" if any(engine.version for engine in engines) else _go(),
        cli=_cli(),
        plugins=tuple(_plugins()),
        plugin_wanted=next(
            (package.locked for package in packages if package.name == _PROVIDER), ""
        ),
        variables=set_variables,
        region=_value(_REGIONS),
        profile=_profile(),
        token=token_of(os.environ.get(names.OIDC_TOKEN_FILE)),
        account=asked(next((one.region for one in stacks if one.region), "") or _value(_REGIONS)),
        backend=_backend(),
        stacks=stacks,
        sandboxes=tuple(found for target in targets if (found := sandbox_of(target, root))),
        now=time.time(),
    )


def _packages(lock: Path) -> Iterator[Package]:
    for line in lock.read_text(encoding="utf-8").splitlines():
        match = _PIN.match(line)
        if match is None or not _is_for_here(match["marker"]):
            continue
        try:
            installed = importlib.metadata.version(match[1])
        except importlib.metadata.PackageNotFoundError:
            installed = None
        yield Package(match[1], match[2], installed)


def _is_for_here(marker: str | None) -> bool:
    """Whether a line of the lock is for this platform; yes where that can't be told."""
    if not marker:
        return True
    try:
        from packaging.markers import Marker  # noqa: PLC0415 - one of the packages in question
    except ImportError:
        return True
    return Marker(marker.strip()).evaluate()


def _engines() -> Iterator[Engine]:
    """In the order in which the sandbox tries them (`sandbox.engine.find`)."""
    try:
        from sandbox.engine.find import ENGINE_VARIABLE, cli_on_path  # noqa: PLC0415 - needs filelock
    except ImportError as error:
        yield Engine("looking for it", reason=f"{error.name} isn't installed")
        return
    named = os.environ.get(ENGINE_VARIABLE)
    if named:
        source = f"named by {ENGINE_VARIABLE}"
        yield _looked_at(shutil.which(str(Path(named).expanduser())), source)
        return
    if found := cli_on_path():
        yield _looked_at(found, "from the PATH")
    yield _cached()


def _looked_at(executable: str | None, source: str) -> Engine:
    from sandbox.engine.versions import (  # noqa: PLC0415 - as above
        ENGINE_VERSION,
        accepted_version,
        newer_than_tested,
    )
    from sandbox.engine.watch import StepFailed  # noqa: PLC0415 - needs filelock

    if executable is None:
        return Engine(source, reason="there is no such executable")
    try:
        version = accepted_version(Path(executable).absolute())
    except StepFailed as failed:
        return Engine(source, reason=str(failed))
    tested = ENGINE_VERSION if newer_than_tested(version) else ""
    return Engine(source, version=str(version), tested=tested)


def _cached() -> Engine:
    from sandbox.engine.cache import Entry  # noqa: PLC0415 - needs filelock
    from sandbox.engine.versions import ENGINE_VERSION  # noqa: PLC0415 - as above
    from sandbox.engine.watch import StepFailed  # noqa: PLC0415 - as above

    source = "from the cache"
    try:
        return Engine(source, version=ENGINE_VERSION if Entry.here().check() else "")
    except (StepFailed, OSError) as failed:
        return Engine(source, reason=str(failed))


def _go() -> str:
    """The version of a Go on the PATH that is new enough to build the engine."""
    try:
        from sandbox.engine import build  # noqa: PLC0415 - needs filelock
        from sandbox.engine.watch import StepFailed  # noqa: PLC0415 - as above
    except ImportError:
        return ""
    try:
        build.go_on_path()
    except StepFailed:
        return ""
    return f"{build.dotted(build.needed_go())} or newer, from the PATH"


def _cli() -> Engine:
    """The user's own CLI, which a real account takes."""
    try:
        from sandbox.engine.find import cli_on_path  # noqa: PLC0415 - needs filelock
    except ImportError as error:
        return Engine("not asked", reason=f"{error.name} isn't installed")
    found = cli_on_path()
    if found is not None:
        return _looked_at(found, "from the PATH")
    if shutil.which("pulumi") is not None:
        return Engine("the sandbox's own is first on the PATH", reason="it reaches no account")
    return Engine("none on the PATH", reason="the sandbox does without")


def _plugins() -> Iterator[str]:
    folder = _pulumi_home() / "plugins"
    for one in sorted(folder.glob("resource-alicloud-v*")):
        if one.is_dir() and (match := _PLUGIN.fullmatch(one.name)):
            yield match[1]


def _pulumi_home() -> Path:
    named = os.environ.get("PULUMI_HOME")
    return Path(named) if named else Path.home() / ".pulumi"


def _backend() -> Backend:
    return backend_of(os.environ.get("PULUMI_BACKEND_URL"), _pulumi_home() / "credentials.json")


def _profile() -> Profile | None:
    asked_by = next((name for name in PROFILES if os.environ.get(name)), None)
    if asked_by is None:
        return None
    named = _value(PROFILE_FILES)
    file = Path(named).expanduser() if named else Path.home() / ".aliyun" / "config.json"
    return profile_of(os.environ[asked_by], asked_by, file)


def _value(variables: Sequence[str]) -> str:
    return next((os.environ[name] for name in variables if os.environ.get(name)), "")


def _is_empty_passphrase(name: str) -> bool:
    return name == "PULUMI_CONFIG_PASSPHRASE" and os.environ.get(name) is not None
