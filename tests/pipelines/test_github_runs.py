"""GitHub's workflows, run as they stand on the simulated cloud."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.lifecycle.account import Account
from tests.pipelines.forge_server import Server
from tests.pipelines.github_runner import Runner
from tests.pipelines.tiers import FIRST, STACKS, WEB, backend_of, make_stacks

pytestmark = [pytest.mark.engine, pytest.mark.timeout(2400)]


def runner(
    account: Account,
    forge: Server,
    folder: Path,
    event_name: str,
    reviewers: Callable[[str], bool] = lambda _: True,
    **more: Any,
) -> Runner:
    """The repository as a user sets it up: environments, variables, one secret each."""
    settings: Mapping[str, Mapping[str, str]] = {
        "vars": {
            "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1234567890123456:role/pipeline",
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1234567890123456:oidc-provider/github",
            "PULUMI_BACKEND_URL": backend_of(account),
        },
        "secrets": {"PULUMI_CONFIG_PASSPHRASE": "correct horse"},
    }
    names = [*STACKS, *(f"preview-{stack}" for stack in STACKS)]
    github = {
        "event_name": event_name,
        "repository": "shop/infrastructure",
        "ref_name": "main",
        "ref": "refs/heads/main",
        "run_id": 4711,
        "sha": "0123456789abcdef",
        "api_url": forge.url,
        "server_url": "https://github.example",
        **more,
    }
    return Runner(
        account.folder,
        folder,
        account.environment,
        dict.fromkeys(names, settings),
        github,
        reviewers,
    )


def pull_request(head: str = "shop/infrastructure", by: str = "User") -> dict[str, Any]:
    return {
        "event": {
            "pull_request": {
                "number": 12,
                "head": {"sha": "fedcba9876543210", "repo": {"full_name": head}},
                "user": {"type": by},
            }
        }
    }


def test_a_merge_goes_through_the_tiers_and_stops_where_it_has_to(
    account: Account, forge: Server, tmp_path: Path
) -> None:
    make_stacks(account)
    asked: list[str] = []

    def approve(environment: str) -> bool:
        asked.append(environment)
        return environment != "prod"

    # The first push opens ports, which nobody has meant yet: nothing is deployed.
    first = runner(account, forge, tmp_path, "push", approve)
    done = first.run("deploy.yml")
    assert {name: job.result for name, job in done.items()} == {
        "dev/Review": "failure",
        "dev/deploy": "skipped",
        "staging": "skipped",
        "prod": "skipped",
    }
    assert "open-port:port-mappings-web" in first.summary
    assert asked == ["preview-dev"]

    # Somebody means them, by hand. Prod's reviewers see what would be done there, and refuse.
    asked.clear()
    meant = runner(account, forge, tmp_path, "workflow_dispatch", approve)
    done = meant.run("deploy.yml", {"allow": FIRST})
    assert {name: job.result for name, job in done.items()} == {
        "dev/Review": "success",
        "dev/Deploy": "success",
        "staging/Review": "success",
        "staging/Deploy": "success",
        "prod/Review": "success",
        "prod/Deploy": "failure",
    }, meant.summary
    assert asked == ["preview-dev", "dev", "preview-staging", "staging", "preview-prod", "prod"]
    assert "**Deployed.**" in meant.summary
    cloud = account.cloud()
    tags = {str(eip.attributes["tags"].get("env")) for eip in cloud.all("eip_address")}
    cloud.close()
    assert tags == {"dev", "staging"}

    # A change of dev alone: dev has it, staging waits until it is promoted, prod isn't asked about.
    asked.clear()
    account.edit("Pulumi.dev.yaml", "port: 80, protocol: tcp", "port: 8080, protocol: tcp")
    changed = runner(account, forge, tmp_path, "workflow_dispatch", approve)
    done = changed.run("deploy.yml", {"allow": "open-port:port-mappings-web close-port:*"})
    assert {name: job.result for name, job in done.items()} == {
        "dev/Review": "success",
        "dev/Deploy": "success",
        "staging/Review": "success",
        "staging/deploy": "skipped",
        "prod": "skipped",
    }, changed.summary
    assert "**Not promoted yet:** staging differs from dev" in changed.summary
    assert asked == ["preview-dev", "dev", "preview-staging"]


def test_a_pull_request_gets_one_comment_and_fails_on_what_the_guard_finds(
    account: Account, forge: Server, tmp_path: Path
) -> None:
    make_stacks(account)
    account.succeed("make -s deploy STACK=dev ALLOW='open-port:*'")
    account.edit("Pulumi.dev.yaml", WEB, "")
    opened = runner(account, forge, tmp_path, "pull_request", **pull_request())
    done = opened.run("review.yml")
    assert done["Review dev"].result == "failure"
    assert done["Comment"].result == "success", done["Comment"].log
    (comment,) = forge.comments
    assert "## dev: stopped by guard" in comment["body"]
    assert "close-port:port-mappings-web" in comment["body"]
    assert "## prod: stopped by guard" in comment["body"]
    assert "Commit fedcba9876, [run](https://github.example/shop/" in comment["body"]

    # By hand, on the branch: what is meant is allowed, and the same comment says so.
    forge.pulls = {"shop:change": 12}
    meant = runner(account, forge, tmp_path, "workflow_dispatch", ref_name="change")
    done = meant.run("review.yml", {"allow": f"{FIRST} close-port:port-mappings-web"})
    assert {job.result for job in done.values()} == {"success"}, meant.summary
    (comment,) = forge.comments
    assert "ready" in comment["body"]
    assert "1 finding, allowed" in comment["body"]


@pytest.mark.parametrize(
    "who",
    [pull_request(head="stranger/infrastructure"), pull_request(by="Bot")],
    ids=["a fork", "a bot"],
)
def test_who_gets_no_credentials_gets_the_checks_alone(
    account: Account, forge: Server, tmp_path: Path, who: dict[str, Any]
) -> None:
    asked: list[str] = []

    def told(environment: str) -> bool:
        asked.append(environment)
        return True

    strange = runner(account, forge, tmp_path, "pull_request", told, **who)
    done = strange.run("review.yml")
    assert {name: job.result for name, job in done.items()} == {
        "Check": "success",
        "review": "skipped",
        "comment": "skipped",
    }, done["Check"].log
    assert "Stack prod" in done["Check"].log
    assert asked == []
    assert forge.calls == []


def test_drift_opens_an_issue_which_is_closed_once_it_is_gone(
    account: Account, forge: Server, tmp_path: Path
) -> None:
    make_stacks(account)
    account.succeed("make -s deploy STACK=dev ALLOW='open-port:*'")
    cloud = account.cloud()
    entry = next(e for e in cloud.all("forward_entry") if e.attributes["external_port"] == "80")
    cloud.change_behind(entry.id, internal_ip="192.168.1.9")
    night = runner(account, forge, tmp_path, "schedule")
    done = night.run("drift.yml")
    assert done["Look at dev"].result == "failure"
    assert done["Look at prod"].result == "success"
    assert "dev: drift, and a new issue." in done["Tell"].log
    (issue,) = forge.issues
    assert (issue["title"], issue["state"], issue["labels"]) == ("Drift of dev", "open", ["drift"])
    assert '"192.168.1.3" => "192.168.1.9"' in issue["body"]

    cloud.change_behind(entry.id, internal_ip="192.168.1.3")
    cloud.close()
    done = runner(account, forge, tmp_path, "schedule").run("drift.yml")
    assert {job.result for job in done.values()} == {"success"}, done
    assert "dev: no drift, its issue is closed." in done["Tell"].log
    assert forge.issues[0]["state"] == "closed"
