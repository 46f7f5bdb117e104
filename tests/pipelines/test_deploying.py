"""`make review`, `make deploy` and `make drift` on the simulated cloud: what stops them."""

import os
import re
import shutil
import signal
import time

import pytest

from tests.lifecycle.account import Account

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1200)]

FIRST = "ALLOW='open-port:*'"


@pytest.fixture
def dev(account: Account) -> Account:
    """The dev stack, made and empty."""
    account.succeed("pulumi stack init dev")
    return account


def test_only_what_was_approved_is_applied(dev: Account) -> None:
    refused = dev.run(f"make -s deploy {FIRST} APPROVED={'0' * 64}")
    assert refused.code == 2
    assert "this isn't the preview that was approved" in refused.out
    cloud = dev.cloud()
    assert cloud.all() == []
    values = dict(line.split("=") for line in _kept(dev, "review.env").splitlines())
    dev.succeed(f"make -s deploy {FIRST} APPROVED={values['REVIEW_DIGEST']}")
    assert cloud.all() != []
    cloud.close()
    assert "**Deployed.**" in _kept(dev, "deployment.md")
    again = dev.succeed("make -s deploy")
    assert "There was nothing to deploy." in again


def test_an_update_that_fails_half_way_goes_on_from_there(dev: Account) -> None:
    dev.succeed("make -s review ALLOW='open-port:*'")
    cloud = dev.cloud()
    cloud.faults.fail("create", nth=2, kind="forward_entry", code="InternalError")
    failed = dev.run(f"make -s deploy {FIRST}")
    assert failed.code == 2
    assert "The update failed half-way." in failed.out
    made = {eip.id for eip in cloud.all("eip_address")}
    assert made
    dev.succeed(f"make -s deploy {FIRST}")
    assert {eip.id for eip in cloud.all("eip_address")} == made
    cloud.close()


def test_what_a_killed_run_left_pending_stops_the_next_one(dev: Account) -> None:
    cloud = dev.cloud()
    cloud.entry_seconds = 30
    running = dev.start("exec make -s deploy ALLOW='open-port:*'")
    while not cloud.all("forward_entry"):
        assert running.poll() is None, running.communicate()
        time.sleep(0.1)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    cloud.close()
    refused = dev.run("make -s deploy")
    assert refused.code == 2
    assert re.search(r"A run was interrupted while it changed .*port-mappings-", refused.out)
    assert "**Nothing was deployed.**" in refused.out


def test_a_change_that_no_single_update_can_do_is_told_beforehand(dev: Account) -> None:
    dev.succeed(f"make -s deploy {FIRST}")
    dev.edit("Pulumi.dev.yaml", "      web: {publicIp: ip3,", "      store: {publicIp: ip3,")
    refused = dev.run("make -s review ALLOW='open-port:* close-port:*'")
    assert refused.code == 2
    assert "is held by web, which is deleted only after this has been created" in refused.out


def test_what_a_policy_forbids_stops_the_run_with_its_own_words(dev: Account) -> None:
    policy = dev.file("policy")
    shutil.rmtree(policy, ignore_errors=True)
    policy.mkdir()
    runtime = "{name: python, options: {virtualenv: ../.venv}}"
    (policy / "PulumiPolicy.yaml").write_text(f"runtime: {runtime}\n", encoding="utf-8")
    (policy / "__main__.py").write_text(NO_ADDRESSES, encoding="utf-8")
    refused = dev.run(f"make -s deploy {FIRST}")
    assert refused.code == 2
    assert "## dev: stopped by policies" in refused.out
    assert "somebody has to pay for shared-bandwidth-ip1" in refused.out
    assert "**Nothing was deployed.**" in refused.out
    (policy / "__main__.py").write_text(NO_ADDRESSES.replace("EipAddress", "Nothing"), "utf-8")
    assert "28 changes, ready" in dev.succeed("make -s review ALLOW='open-port:*'")


NO_ADDRESSES = """\
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def judge(args, report):
    if args.resource_type.endswith(":EipAddress"):
        report(f"somebody has to pay for {args.name}")


rule = ResourceValidationPolicy("no-addresses", "None", judge, EnforcementLevel.MANDATORY)
PolicyPack("tiny", [rule])
"""


def test_a_stack_that_nobody_made_and_a_file_that_is_refused_leave_nothing_to_judge(
    dev: Account,
) -> None:
    missing = dev.run("make -s review STACK=staging")
    assert missing.code == 2
    assert "The stack's state can't be read" in missing.out
    dev.edit("Pulumi.dev.yaml", "hostPort: 443", "hostPort: 70443")
    refused = dev.run("make -s review")
    assert refused.code == 2
    assert "## dev: stopped by stack file" in refused.out
    assert "70443" in refused.out
    unknown = dev.run("make -s drift STACK=prod")
    assert unknown.code == 2
    assert "couldn't be found out" in unknown.out


def test_what_is_allowed_cant_run_as_a_command(dev: Account) -> None:
    planted = "$(touch planted)\"; touch planted; echo '`touch planted`"
    dev.run("make -s review", ALLOW=planted, STACK="dev")
    assert not dev.file("planted").exists()


def _kept(account: Account, name: str) -> str:
    return account.file(f".pipeline/dev/{name}").read_text(encoding="utf-8")
