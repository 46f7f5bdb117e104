"""The three stacks as pipelines meet them."""

from pathlib import Path

from sandbox.paths import backend
from tests.lifecycle.account import Account

STACKS = ("dev", "staging", "prod")
FIRST = "open-port:*"
"""What a first deployment does, and somebody has to mean."""

WEB = "      web: {publicIp: ip3, port: 80, protocol: tcp, host: ecs3, hostPort: 80}\n"


def state_folder(account: Account) -> Path:
    """Where the backend of the three keeps their states."""
    return account.folder / ".sandbox" / "state"


def make_stacks(account: Account) -> None:
    """What a user does once: a backend, and a stack in it for each tier."""
    state_folder(account).mkdir(parents=True)
    account.environment["PULUMI_BACKEND_URL"] = backend(state_folder(account))
    account.environment["PULUMI_CONFIG_PASSPHRASE"] = "correct horse"
    for stack in STACKS:
        account.succeed(f"pulumi stack init {stack}")
