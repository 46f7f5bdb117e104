"""A small stack with a secret in it, and where its state is kept: for the tests of states.

The secret's text is planted: whatever keeps the state is searched for it afterwards.
"""

import base64
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.lifecycle.account import Account
from tests.lifecycle.state.s3_server import KEYS, S3Server

PLANTED = "planted-7f3a9c-never-to-be-seen"
SECRET_PATH = "alicloud-gateways:functions.lookup.environment.APP_CODE"
UP = "pulumi up --yes --skip-preview --stack prod"
OLD_PASSPHRASE, NEW_PASSPHRASE = "correct horse", "battery staple"

STACK_FILE = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: [shared-bandwidth, functions]
  alicloud-gateways:tier: staging
  alicloud-gateways:network:
    vpc: {cidr: 10.30.0.0/16}
    vswitches:
      apps: {cidr: 10.30.1.0/24, zone: cn-shanghai-a}
    hosts:
      ecs1: {ip: 10.30.1.1, vswitch: apps}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 10
    natGateway: {vswitch: apps, lanes: 1}
    publicIps: {ip1: {}}
    portMappings:
      api: {publicIp: ip1, port: 444, host: ecs1}
      web: {publicIp: ip1, port: 443, host: ecs1}
  alicloud-gateways:functions:
    lookup: {code: examples/api-gateway/serverless/phone-lookup, memory: 128, cpu: 0.05}
"""

WANTED = [
    "common_bandwidth_package",
    "common_bandwidth_package_attachment",
    "eip_address",
    "eip_association",
    "fcv3_function",
    "forward_entry",
    "forward_entry",
    "nat_gateway",
    "vpc",
    "vswitch",
]
"""What the stack is made of, in the cloud."""


class Kept:
    """The stack `prod` in an account, under a passphrase of its own."""

    def __init__(self, account: Account, home: Path) -> None:
        self.account = account
        home.mkdir()
        account.environment |= {
            "HOME": str(home),
            "PULUMI_CONFIG_PASSPHRASE": OLD_PASSPHRASE,
            # So that nobody's own AWS account is asked for anything.
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(home / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / "none"),
        }
        self.home = home
        self.said: list[str] = []
        account.file("Pulumi.prod.yaml").write_text(STACK_FILE, encoding="utf-8")

    def run(self, script: str, **more: str) -> str:
        """Run a script that has to succeed; returns all that it said."""
        ended = self.account.run(script, **more)
        self.said.append(ended.out + ended.err)
        assert ended.code == 0, f"{script}\n{ended.out}\n{ended.err}"
        return ended.out + ended.err

    def fail(self, script: str, **more: str) -> str:
        """Run a script that has to fail; returns all that it said."""
        ended = self.account.run(script, **more)
        self.said.append(ended.out + ended.err)
        assert ended.code != 0, f"{script}\n{ended.out}\n{ended.err}"
        return ended.out + ended.err

    def begin(self) -> None:
        """Make the stack in the backend that is chosen, with its secret."""
        self.run(f"pulumi stack init prod && {set_secret(PLANTED)}")

    def kill_in_the_middle(self, kind: str) -> None:
        """Start `pulumi up`, and kill it while the cloud makes the first resource of a kind.

        Its provider is a plugin then, and is killed with it.
        """
        store = self.account.cloud()
        store.entry_seconds = store.association_seconds = 3.0
        running = self.account.start(f"unset PULUMI_DEBUG_PROVIDERS; exec {UP}")
        try:
            while not store.calls("create", kind):
                assert running.poll() is None, running.communicate()
                time.sleep(0.02)
        finally:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
            store.entry_seconds = store.association_seconds = 0.02
            store.close()

    def in_cloud(self) -> list[str]:
        """The kinds of everything in the cloud, sorted."""
        store = self.account.cloud()
        try:
            return sorted(resource.kind for resource in store.all())
        finally:
            store.close()

    def reached_the_cloud(self) -> bool:
        """Whether the function there has the secret, as it should."""
        store = self.account.cloud()
        try:
            (function,) = store.all("fcv3_function")
            return PLANTED in str(function.attributes)
        finally:
            store.close()

    def id_in_cloud(self, kind: str, name: str) -> str:
        """The cloud's id of the resource of that kind that has a name."""
        store = self.account.cloud()
        try:
            (found,) = (one for one in store.all(kind) if name in one.attributes.values())
            return found.id
        finally:
            store.close()

    def assert_nowhere(self, *places: Iterable[tuple[str, bytes]]) -> None:
        """The secret stands in none of the places, nor in anything that was said."""
        mine = _files(self.account.folder, _not_the_cloud), _files(self.home)
        said = ((f"output {n}", text.encode()) for n, text in enumerate(self.said))
        for place in (*mine, said, *places):
            for name, content in place:
                for form in (PLANTED.encode(), base64.b64encode(PLANTED.encode())):
                    assert form not in content, f"the secret stands in {name}"


def set_secret(value: str) -> str:
    """The command of the page, with the value from a pipe instead of the keyboard."""
    return f"printf %s {value} | pulumi config set --stack prod --secret --path '{SECRET_PATH}'"


def bucket_at(server: S3Server) -> dict[str, str]:
    """The variables that choose the server's bucket, path style."""
    url = f"s3://acme-pulumi-state?endpoint={server.url}&region=cn-shanghai&s3ForcePathStyle=true"
    return {**KEYS, "PULUMI_BACKEND_URL": url}


def _files(
    folder: Path, wanted: Callable[[Path], bool] = lambda _: True
) -> Iterable[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file() and wanted(file):
            yield str(file), file.read_bytes()


def _not_the_cloud(file: Path) -> bool:
    """The cloud has the secret, as it should; what is linked isn't ours."""
    return not file.name.startswith("cloud.db") and ".venv" not in file.parts
