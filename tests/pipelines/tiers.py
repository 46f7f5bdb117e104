"""The three stacks as pipelines meet them."""

from tests.lifecycle.account import Account

STACKS = ("dev", "staging", "prod")
FIRST = "open-port:*"
"""What a first deployment does, and somebody has to mean."""

WEB = "      web: {publicIp: ip3, port: 80, protocol: tcp, host: ecs3, hostPort: 80}\n"


def make_stacks(account: Account) -> None:
    """What a user does once: a backend, and a stack in it for each tier."""
    backend = account.folder / ".sandbox" / "state"
    backend.mkdir(parents=True)
    account.environment["PULUMI_BACKEND_URL"] = backend.as_uri()
    account.environment["PULUMI_CONFIG_PASSPHRASE"] = "correct horse"
    for stack in STACKS:
        account.succeed(f"pulumi stack init {stack}")
