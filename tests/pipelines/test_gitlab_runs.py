"""GitLab's pipeline, run as it stands on the simulated cloud."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.lifecycle.account import Account
from tests.pipelines.forge_server import Server
from tests.pipelines.gitlab_runner import Job, Runner
from tests.pipelines.tiers import FIRST, STACKS, WEB, backend_of, make_stacks
from tests.pipelines.token_service import TokenService

pytestmark = [pytest.mark.engine, pytest.mark.timeout(2400)]


def runner(
    account: Account,
    forge: Server,
    folder: Path,
    sts: TokenService,
    plays: Callable[[str], bool] = lambda _: True,
) -> Runner:
    """The project as a user sets it up: variables for each environment, a bot's token for one."""
    cloud = {
        "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1234567890123456:role/pipeline",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1234567890123456:oidc-provider/gitlab",
        "ALIBABA_CLOUD_STS_ENDPOINT": sts.url,
        "PULUMI_BACKEND_URL": backend_of(account),
        "PULUMI_CONFIG_PASSPHRASE": "correct horse",
    }
    names = [*STACKS, *(f"preview-{stack}" for stack in STACKS)]
    tell = {"GITLAB_TOKEN": "glpat-token"}
    machine = {**account.environment, "CI_API_V4_URL": f"{forge.url}/api/v4"}
    for name in ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"):
        machine.pop(name, None)
    return Runner(
        account.folder, folder, machine, {**dict.fromkeys(names, cloud), "tell": tell}, plays
    )


def ends(done: Mapping[str, Job]) -> dict[str, str]:
    return {name: job.result for name, job in done.items()}


def test_a_merge_request_gets_one_note_and_fails_on_what_the_guard_finds(
    account: Account, forge: Server, tmp_path: Path, sts: TokenService
) -> None:
    make_stacks(account)
    account.succeed("make -s deploy STACK=dev ALLOW='open-port:*'")
    account.edit("Pulumi.dev.yaml", WEB, "")
    project = runner(account, forge, tmp_path, sts)
    opened = {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "shop/infrastructure",
        "CI_MERGE_REQUEST_IID": "12",
    }
    done = project.run(**opened)
    assert ends(done) == {
        "check": "success",
        "review: dev": "failure",
        "review: staging": "failure",
        "review: prod": "failure",
        "comment": "success",
    }, done["comment"].log
    (note,) = forge.comments
    assert "close-port:port-mappings-web" in note["body"]
    assert "## prod: stopped by guard" in note["body"]
    assert "glpat-token" not in done["review: dev"].log
    assert sorted(one["OIDCToken"] for one in sts.asked) == sorted(
        f"jwt:sts.aliyuncs.com:preview-{stack}" for stack in STACKS
    )

    # From a fork, and from Renovate: the checks alone, nobody asks for keys, nothing is told.
    for strange in (
        {"CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "stranger/infrastructure"},
        {"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "renovate/pulumi-4.x"},
    ):
        assert ends(project.run(**{**opened, **strange})) == {"check": "success"}
    assert (len(sts.asked), len(forge.comments)) == (3, 1)


def test_a_merge_goes_through_the_tiers_and_stops_where_it_has_to(
    account: Account, forge: Server, tmp_path: Path, sts: TokenService
) -> None:
    make_stacks(account)
    project = runner(account, forge, tmp_path, sts, lambda _: False)
    on_main = {"CI_COMMIT_BRANCH": "main"}

    # The first push opens ports, which nobody has meant yet: nothing is deployed.
    done = project.run(CI_PIPELINE_SOURCE="push", **on_main)
    assert ends(done)["review dev"] == "failure"
    assert {result for name, result in ends(done).items() if name != "review dev"} == {"skipped"}

    # Somebody means them, by hand. Nobody starts prod.
    done = project.run(CI_PIPELINE_SOURCE="web", ALLOW=FIRST, **on_main)
    assert ends(done) == {
        "review dev": "success",
        "deploy dev": "success",
        "review staging": "success",
        "deploy staging": "success",
        "review prod": "success",
        "deploy prod": "skipped",
    }, {name: job.log[-3000:] for name, job in done.items()}
    assert {one["DurationSeconds"] for one in sts.asked} == {"3600", "7200"}

    # A change of dev alone: staging waits until it is promoted, and so does prod.
    account.edit("Pulumi.dev.yaml", "port: 80, protocol: tcp", "port: 8080, protocol: tcp")
    meant = "open-port:port-mappings-web close-port:*"
    project.plays = lambda _: True
    done = project.run(CI_PIPELINE_SOURCE="web", ALLOW=meant, **on_main)
    assert ends(done) == {
        "review dev": "success",
        "deploy dev": "success",
        "review staging": "success",
        "deploy staging": "warning",
        "review prod": "warning",
        "deploy prod": "warning",
    }, {name: job.log[-3000:] for name, job in done.items()}
    assert "staging was not reviewed, or lacks changes of dev" in done["deploy staging"].log
    assert "prod waits: staging was not deployed" in done["review prod"].log


def test_drift_opens_an_issue_which_is_closed_once_it_is_gone(
    account: Account, forge: Server, tmp_path: Path, sts: TokenService
) -> None:
    make_stacks(account)
    account.succeed("make -s deploy STACK=dev ALLOW='open-port:*'")
    cloud = account.cloud()
    entry = next(e for e in cloud.all("forward_entry") if e.attributes["external_port"] == "80")
    cloud.change_behind(entry.id, internal_ip="192.168.1.9")
    project = runner(account, forge, tmp_path, sts)
    done = project.run(CI_PIPELINE_SOURCE="schedule", CI_COMMIT_BRANCH="main")
    assert ends(done) == {
        "drift: dev": "failure",
        "drift: staging": "success",
        "drift: prod": "success",
        "issues": "success",
    }
    (issue,) = forge.issues
    assert (issue["title"], issue["state"]) == ("Drift of dev", "open")
    cloud.change_behind(entry.id, internal_ip="192.168.1.3")
    cloud.close()
    done = project.run(CI_PIPELINE_SOURCE="schedule", CI_COMMIT_BRANCH="main")
    assert set(ends(done).values()) == {"success"}
    assert forge.issues[0]["state"] == "closed"
