"""The three stacks as pipelines meet them."""

from pathlib import Path

from sandbox.paths import backend
from tests.lifecycle.account import Account

STACKS = ("dev", "staging", "prod")
FIRST = "open-port:*"
"""What a first deployment does, and somebody has to mean."""

WEB = "      web: {publicIp: ip3, port: 80, protocol: tcp, host: ecs3, hostPort: 80}\n"


def backend_of(account: Account) -> str:
    """The address of the backend of the three."""
    return backend(_states(account))


def _states(account: Account) -> Path:
    return account.folder / ".sandbox" / "state"


def make_stacks(account: Account) -> None:
    """What a user does once: a backend, and a stack in it for each tier."""
    _states(account).mkdir(parents=True)
    account.environment["PULUMI_BACKEND_URL"] = backend_of(account)
    account.environment["PULUMI_CONFIG_PASSPHRASE"] = "correct horse"
    for stack in STACKS:
        account.succeed(f"pulumi stack init {stack}")
