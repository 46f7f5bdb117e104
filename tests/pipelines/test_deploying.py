"""`make review`, `make deploy` and `make drift` with the engine, on the simulated cloud.

Each start of the engine takes seconds, so one deployment, by GitHub's workflow as it stands, is
what is looked at; and one review has everything to say that can be said against an update.
"""

import os
import shutil
import signal
import time
from pathlib import Path
from threading import Thread

import pytest

from sandbox.cloud import Store
from sandbox.paths import backend
from tests.lifecycle.account import Account
from tests.pipelines.github import GitHub
from tests.pipelines.machine import Settings, settings_of

pytestmark = [pytest.mark.engine, pytest.mark.timeout(2400)]


def test_a_merge_is_deployed_tier_by_tier_until_something_has_to_be_settled_first(
    account: Account, tmp_path: Path
) -> None:
    account.succeed("pulumi stack init dev && pulumi stack init staging")
    cloud = account.cloud()
    cloud.entry_seconds = 0.02
    _a_merge_goes_to_dev_and_to_staging_where_its_runner_dies(account, cloud, tmp_path)
    _drift_is_found_and_seen_to_be_gone(account, cloud)
    _nothing_more_is_deployed(account, cloud)
    cloud.close()


def _a_merge_goes_to_dev_and_to_staging_where_its_runner_dies(
    account: Account, cloud: Store, folder: Path
) -> None:
    asked: list[str] = []

    def approves(environment: str) -> bool:
        asked.append(environment)
        if environment == "staging":
            cloud.forget_calls()
            cloud.entry_seconds = 3.0
            Thread(target=die_at_work, daemon=True).start()
        return True

    def die_at_work() -> None:
        # In app1's lane, web comes next: app1 stands, and the state has it.
        while not any(call.key.endswith("::port-mappings-web") for call in cloud.calls("create")):
            time.sleep(0.05)
        assert repository.running is not None
        os.killpg(repository.running.pid, signal.SIGKILL)
        # The provider is here and lives on: what it tries in the other lanes is to be over soon.
        cloud.entry_seconds = 0.02

    def settings(environment: str) -> Settings:
        secrets = {"PULUMI_CONFIG_PASSPHRASE": "correct horse"}
        return Settings({**settings_of(environment).variables, "PULUMI_BACKEND_URL": url}, secrets)

    url = backend(account.file(".sandbox/account/state"))
    unset = ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE")
    machine = {k: v for k, v in account.environment.items() if k not in unset}
    repository = GitHub(account.folder, folder, machine, approves, "", settings)
    jobs = repository.deploy_by_hand("open-port:*")
    log = "\n".join(job.log for job in jobs)
    ended = [(job.name, job.result) for job in jobs]
    assert ended == [
        ("List", "success"),
        ("Review", "success"),
        ("Deploy", "success"),
        ("Review", "success"),
        ("Deploy", "failure"),
    ], log
    assert asked == ["preview-dev", "dev", "preview-staging", "staging"]
    assert "## dev: 28 changes, ready" in repository.summary
    assert "all allowed" in repository.summary
    assert "and a second up changes nothing" in repository.summary, "it was rehearsed"
    assert "**Deployed.**" in repository.summary
    assert "## staging: 34 changes, ready" in repository.summary
    tags = {str(eip.attributes["tags"].get("env")) for eip in cloud.all("eip_address")}
    assert tags == {"dev", "staging"}
    cloud.entry_seconds = 0.02


def _drift_is_found_and_seen_to_be_gone(account: Account, cloud: Store) -> None:
    entry = next(
        e for e in cloud.all("forward_entry") if e.attributes["internal_ip"] == "192.168.1.3"
    )
    cloud.change_behind(entry.id, internal_ip="192.168.1.9")
    assert account.run("make -s drift STACK=dev").code == 2
    assert _kept(account, "dev", "drift.env") == "DRIFT=found\n"
    assert '"192.168.1.3" => "192.168.1.9"' in _kept(account, "dev", "drift.md")
    cloud.change_behind(entry.id, internal_ip="192.168.1.3")
    account.succeed("make -s drift STACK=dev")
    assert _kept(account, "dev", "drift.env") == "DRIFT=none\n"


def _nothing_more_is_deployed(account: Account, cloud: Store) -> None:
    """Everything that speaks against an update is told at once."""
    account.succeed("pulumi cancel --yes --stack staging")
    account.edit(
        "Pulumi.staging.yaml", "      app1: {publicIp: ip1,", "      store: {publicIp: ip1,"
    )
    policy = account.file("policy")
    shutil.rmtree(policy)
    policy.mkdir()
    runtime = "{name: python, options: {virtualenv: ../.venv}}"
    (policy / "PulumiPolicy.yaml").write_text(f"runtime: {runtime}\n", encoding="utf-8")
    (policy / "__main__.py").write_text(NO_ADDRESSES, encoding="utf-8")
    seen = -1
    while seen != (seen := len(cloud.calls())):  # what the killed run had begun is tried again
        time.sleep(1)
    cloud.forget_calls()
    planted = "$(touch planted)\"; touch planted; echo '`touch planted`"
    refused = account.run("make -s deploy STACK=staging AFTER=dev", ALLOW=planted)
    assert refused.code == 2
    for told in (
        "## staging: stopped by interrupted, changes, guard and policies",
        "A run was interrupted while it changed port-mappings-",
        "is held by app1, which is deleted only after this has been created",
        "open-port:port-mappings-store",
        "somebody has to pay for shared-bandwidth-ip1",
        "**Not promoted yet:** staging differs from dev",
        "**Nothing was deployed.**",
    ):
        assert told in refused.out
    assert "REVIEW_IN_STEP=false\n" in _kept(account, "staging", "review.env")
    assert not account.file("planted").exists()
    assert not [call for call in cloud.calls() if call.operation != "read"]


NO_ADDRESSES = """\
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def judge(args, report):
    if args.resource_type.endswith(":EipAddress"):
        report(f"somebody has to pay for {args.name}")


rule = ResourceValidationPolicy("no-addresses", "None", judge, EnforcementLevel.MANDATORY)
PolicyPack("tiny", [rule])
"""


def test_a_stack_that_nobody_made_and_a_file_that_is_refused_leave_nothing_to_judge(
    account: Account,
) -> None:
    missing = account.run("make -s review STACK=staging")
    assert missing.code == 2
    assert "The stack's state can't be read" in missing.out
    account.edit("Pulumi.dev.yaml", "hostPort: 443", "hostPort: 70443")
    refused = account.run("make -s review")
    assert refused.code == 2
    assert "## dev: stopped by stack file" in refused.out
    assert "70443" in refused.out
    unknown = account.run("make -s drift STACK=prod")
    assert unknown.code == 2
    assert "couldn't be found out" in unknown.out
    assert _kept(account, "prod", "drift.env") == "DRIFT=unknown\n"


def _kept(account: Account, stack: str, name: str) -> str:
    return account.file(f".pipeline/{stack}/{name}").read_text(encoding="utf-8")
