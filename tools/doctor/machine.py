"""What is known of the machine: facts for the checks, and no value that could be a secret.

Credentials are here by the names of variables and settings, by when they expire, and by whether a
file is there. A check can't print what it never sees.
"""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A package of requirements.txt."""

    name: str
    locked: str
    installed: str | None


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI that was looked at."""

    source: str
    """Where it was looked for: a variable, the PATH, the cache."""

    version: str = ""
    """Its version, where it can be used."""

    reason: str = ""
    """Why it can't be."""

    tested: str = ""
    """The newest version that the tests have been run on, where this one is newer."""


@dataclass(frozen=True)
class Profile:
    """A profile of the Alibaba Cloud CLI that is asked for by name."""

    name: str
    asked_by: str
    """The variable, or the setting, that names it."""

    file: Path
    readable: bool
    """Whether the file is there and is what the CLI writes."""

    mode: str | None = None
    """AK, StsToken, RamRoleArn and so on; None where the file has no such profile."""

    has_keys: bool = False
    expires: float | None = None
    """When its token ends, in seconds since 1970, where the file says so."""


@dataclass(frozen=True)
class Token:
    """The file of an OIDC token."""

    there: bool
    expires: float | None = None


@dataclass(frozen=True)
class Backend:
    """Where Pulumi keeps states of a real account."""

    asked_by: str
    """The variable, or the file, that says so; empty where nothing does."""

    scheme: str
    """The front of its address: s3, file, https; empty where it has none that is known."""

    has_password: bool = False
    """Whether user and password stand in the address."""

    forces_path_style: bool = False


@dataclass(frozen=True)
class StackFacts:
    """A stack file, as the rules judge it."""

    stack: str
    file: Path
    problems: int = 0
    warnings: int = 0
    unreadable: str = ""
    """Why it couldn't even be judged."""

    region: str | None = None
    regions: tuple[str, ...] = ()
    """Every region that something of it lies in."""

    router_regions: tuple[str, ...] = ()
    """Those of them that need a transit router."""

    function_regions: tuple[str, ...] = ()
    """Those of them in which a function has a network."""

    production: bool = False
    encrypted: str = ""
    """Which of its top keys say that its secrets are encrypted: encryptionsalt, secretsprovider."""

    provider_settings: frozenset[str] = frozenset()
    """Keys of its `alicloud:` namespace."""


@dataclass(frozen=True)
class Sandbox:
    """The sandbox of one stack."""

    stack: str
    which: str
    """What make is told to mean it."""

    owner: int | None = None
    """The process that is at work on it."""

    locked: bool = False
    """Whether a lock of a run that is gone is left."""

    pending: int = 0
    """Operations that the state never saw the end of."""


@dataclass(frozen=True)
class Account:
    """What the account said when it was asked, by the keys that are here."""

    region: str
    gaps: tuple[str, ...] = ()
    """What this identity may not read."""

    refused: str = ""
    """The code that it was refused with, all of it."""

    reached: bool = True


@dataclass(frozen=True)
class Machine:
    """All of it."""

    python: tuple[int, int, int] = (3, 11, 0)
    packages: tuple[Package, ...] = ()
    engines: tuple[Engine, ...] = ()
    """In the order in which they are tried; the first with a version is taken."""

    go: str = ""
    """The version of a Go that builds an engine; looked for only where there is no engine."""

    cli: Engine = Engine("the PATH", reason="there is none")
    """The user's own Pulumi CLI, for a real account."""

    plugins: tuple[str, ...] = ()
    """Versions of the alicloud provider that Pulumi has downloaded."""

    plugin_wanted: str = ""
    variables: frozenset[str] = frozenset()
    """Names of the variables that are set and not empty, of those that anything here reads."""

    region: str = ""
    """The region that the environment names."""

    profile: Profile | None = None
    token: Token | None = None
    account: Account | None = None
    """None where it wasn't asked: there are no keys."""

    backend: Backend = Backend("", "")
    stacks: tuple[StackFacts, ...] = ()
    sandboxes: tuple[Sandbox, ...] = ()
    now: float = field(default=0.0)
