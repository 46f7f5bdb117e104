"""Both pipelines, run as they are written: who is called when, as whom, and who is told.

`make` is a stand-in (`machine.py`). What it does is proved by test_deploying.py.
"""

import shutil
from pathlib import Path

import pytest

from stack.listing import TABLE, listed
from tests.pipelines.forge_server import BOT, Server
from tests.pipelines.github import GitHub
from tests.pipelines.gitlab import GitLab
from tests.pipelines.machine import ROOT, STACKS, Job, Machine, keys_of, secret
from tests.pipelines.token_service import TokenService
from tools.forge import REVIEW

FILES = tuple(f"Pulumi.{stack}.yaml" for stack in STACKS)
NEEDED = (".github", ".gitlab", ".gitlab-ci.yml", "stack", "tools", "tiers.yaml", *FILES)
"""What workflows use beside what `make` does."""

Pipelines = GitHub | GitLab

CHECKS = [f"nobody: plan {stack}" for stack in STACKS]
REVIEWS = [
    "preview-dev: review dev",
    "preview-staging: review staging, after dev",
    "preview-prod: review prod, after staging",
]
COMMENT = ["the-forge: comment dev staging prod"]
TO_DEV = [REVIEWS[0], "dev: deploy dev, approved digest-of-dev"]
TO_STAGING = [REVIEWS[1], "staging: deploy staging, after dev, approved digest-of-staging"]
TO_PROD = [REVIEWS[2], "prod: deploy prod, after staging, approved digest-of-prod"]
NIGHT = [
    *(f"preview-{stack}: drift {stack}" for stack in STACKS),
    "the-forge: issues dev staging prod",
]


def allowing(names: str, calls: list[str]) -> list[str]:
    return [f"{call}, allowing {names}" for call in calls]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture(params=["GitHub", "GitLab"])
def pipelines(
    request: pytest.FixtureRequest,
    checkout: Path,
    machine: Machine,
    forge: Server,
    sts: TokenService,
) -> Pipelines:
    common = (checkout, checkout.parent, machine.environment, machine.approves, forge.url)
    return GitHub(*common) if request.param == "GitHub" else GitLab(*common, sts=sts.url)


def called(machine: Machine) -> list[str]:
    """The calls since this was asked last, each with all that it needs.

    How GitLab's jobs get their keys is looked at by itself.
    """
    calls = machine.calls()
    for call in calls:
        if call.words[0] == "make" and call.words[2] in {"review", "deploy", "drift"}:
            given, owner = call.environment, call.owner
            assert given["PULUMI_BACKEND_URL"] == f"s3://states-of-{owner}"
            assert given["PULUMI_CONFIG_PASSPHRASE"] == secret("passphrase", owner)
            assert given["PULUMI_ACCESS_TOKEN"] == secret("token", owner)
            assert keys_of(owner).items() <= given.items()
    quiet = {"assume-role", "stacks"}
    return [str(call) for call in calls if not quiet & {*call.words}]


def red(jobs: list[Job]) -> bool:
    return any(job.result == "failure" for job in jobs)


def logs(jobs: list[Job]) -> str:
    return "\n".join(f"{job.name}: {job.result}\n{job.log}" for job in jobs)


def kept_by(jobs: list[Job]) -> set[str]:
    """The names of what is in their artifacts."""
    return {file.name for job in jobs for folder in job.kept.values() for file in folder.rglob("*")}


# --- what is merged ------------------------------------------------------------------------------


def test_what_is_merged_goes_to_dev_then_to_staging_then_to_prod(
    pipelines: Pipelines, machine: Machine
) -> None:
    jobs = pipelines.push()
    assert not red(jobs), logs(jobs)
    assert called(machine) == TO_DEV + TO_STAGING + TO_PROD
    assert "preview.json" not in kept_by(jobs)


def test_prod_isnt_touched_unless_somebody_lets_it_and_what_is_allowed_is_so_in_each_step(
    pipelines: Pipelines, machine: Machine
) -> None:
    machine.refused = "prod"
    pipelines.deploy_by_hand("open-port:*")
    assert called(machine) == allowing("open-port:*", [*TO_DEV, *TO_STAGING, TO_PROD[0]])


@pytest.mark.parametrize("stack", STACKS)
def test_a_review_that_finds_something_ends_the_run_before_its_stack_is_touched(
    pipelines: Pipelines, machine: Machine, stack: str
) -> None:
    machine.review(stack, code=2)
    assert red(pipelines.push())
    everything = TO_DEV + TO_STAGING + TO_PROD
    assert called(machine) == everything[: 2 * STACKS.index(stack) + 1]


@pytest.mark.parametrize("stack", STACKS)
def test_an_update_that_fails_keeps_the_next_stack_as_it_is(
    pipelines: Pipelines, machine: Machine, stack: str
) -> None:
    machine.deploy(stack, code=2)
    assert red(pipelines.push())
    everything = TO_DEV + TO_STAGING + TO_PROD
    assert called(machine) == everything[: 2 * STACKS.index(stack) + 2]


def test_a_change_of_dev_alone_waits_there_for_its_promotion(
    pipelines: Pipelines, machine: Machine
) -> None:
    machine.review("staging", in_step=False)
    jobs = pipelines.push()
    assert not red(jobs), logs(jobs)
    assert called(machine) == [*TO_DEV, REVIEWS[1]]
    if isinstance(pipelines, GitLab):
        assert "staging was not reviewed, or lacks changes of dev" in logs(jobs)
        assert "prod waits: staging was not deployed" in logs(jobs)


def test_a_stack_with_nothing_to_do_lets_the_next_one_go_on(
    pipelines: Pipelines, machine: Machine
) -> None:
    machine.review("dev", changes=0)
    assert not red(pipelines.push())
    calls = called(machine)
    if isinstance(pipelines, GitLab):  # there, `make deploy` finds out by itself
        calls.remove(TO_DEV[1])
    assert calls == [TO_DEV[0], *TO_STAGING, *TO_PROD]


# --- what is proposed ----------------------------------------------------------------------------


def test_a_proposal_is_checked_by_nobody_and_reviewed_by_those_who_read(
    pipelines: Pipelines, machine: Machine, forge: Server
) -> None:
    jobs = pipelines.propose()
    assert not red(jobs), logs(jobs)
    assert called(machine) == CHECKS + REVIEWS + COMMENT
    (comment,) = forge.comments
    assert "Commit fedcba9876, [" in comment["body"]
    for stack in STACKS:
        assert f"## {stack}: reviewed" in comment["body"]
    kept = kept_by(jobs)
    assert {"review.md", "review.env"} <= kept
    assert "preview.json" not in kept


def test_what_one_review_finds_keeps_neither_the_others_nor_the_comment(
    pipelines: Pipelines, machine: Machine, forge: Server
) -> None:
    machine.review("dev", code=2)
    assert red(pipelines.propose())
    assert called(machine) == CHECKS + REVIEWS + COMMENT
    assert "## dev: reviewed" in forge.comments[0]["body"]


def test_a_review_by_hand_allows_what_is_meant_and_changes_the_comment(
    pipelines: Pipelines, machine: Machine, forge: Server
) -> None:
    forge.comment(f"{REVIEW}\nof before", BOT)
    forge.pulls = {"shop:change": 12}
    assert not red(pipelines.review_by_hand("close-port:*"))
    calls = [call for call in called(machine) if not call.startswith("nobody:")]
    assert calls[:3] == allowing("close-port:*", REVIEWS)
    assert calls[3:] == COMMENT
    (comment,) = forge.comments
    assert "## dev: reviewed" in comment["body"]


def test_who_comes_from_elsewhere_gets_the_checks_and_no_credentials(
    pipelines: Pipelines, machine: Machine, forge: Server
) -> None:
    for jobs in pipelines.propose_as_a_stranger():
        assert not red(jobs), logs(jobs)
        assert called(machine) == CHECKS
    assert forge.calls == []


def test_a_check_that_fails_fails_the_run(pipelines: Pipelines, machine: Machine) -> None:
    machine.plan("staging", code=2)
    assert red(next(pipelines.propose_as_a_stranger()))


# --- every night ---------------------------------------------------------------------------------


def test_drift_opens_an_issue_which_is_closed_once_it_is_gone(
    pipelines: Pipelines, machine: Machine, forge: Server
) -> None:
    machine.drift("dev", "found")
    jobs = pipelines.night()
    assert red(jobs)
    assert called(machine) == NIGHT
    assert "dev: drift, and a new issue." in logs(jobs)
    (issue,) = forge.issues
    assert (issue["title"], issue["state"], issue["labels"]) == ("Drift of dev", "open", ["drift"])
    assert "dev differs" in issue["body"]

    machine.drift("dev", "none")
    jobs = pipelines.night()
    assert not red(jobs), logs(jobs)
    assert "dev: no drift, its issue is closed." in logs(jobs)
    assert issue["state"] == "closed"


# --- documents of services -----------------------------------------------------------------------

SERVICES = {
    "OPENAPI_DOCUMENTS": "http://shop:8080/shop.json shop.json\nhttp://pay/pay.json pay.json\n"
}


def test_a_service_whose_document_is_another_one_is_told_with_a_patch_that_takes_it_over(
    pipelines: Pipelines, machine: Machine
) -> None:
    for name in ("shop.json", "pay.json"):
        machine.document(name, '{"paths": {}}\n')
        (pipelines.checkout / name).write_text('{"paths": {}}\n', encoding="utf-8")
    with_git = "git init -q && git add -A && git -c user.name=t -c user.email=t@e commit -qm t"
    assert pipelines.bash(with_git, pipelines.checkout, {})[0] == 0
    assert [job for job in pipelines.documents() if job.result != "skipped"] == []

    pipelines.variables = SERVICES
    (job,) = pipelines.documents()
    assert job.result == "success", job.log
    machine.document("pay.json", '{"paths": {"/refunds": {}}}\n')
    machine.calls()
    (job,) = pipelines.documents()
    assert job.result == "failure"
    fetched = [call for call in machine.calls() if "fetch-openapi" in call.words]
    assert {call.owner for call in fetched} == {"nobody"}
    assert [call.environment["FILE"] for call in fetched] == ["shop.json", "pay.json"]
    (kept,) = job.kept.values()
    patch = kept if kept.is_file() else kept / "openapi.patch"
    applied = pipelines.bash(f"git apply '{patch}' && cat pay.json", pipelines.checkout, {})
    assert applied == (0, '{"paths": {"/refunds": {}}}\n')


def test_a_service_that_doesnt_answer_is_told_as_such(
    pipelines: Pipelines, machine: Machine
) -> None:
    del machine
    pipelines.variables = SERVICES
    (job,) = pipelines.documents()
    assert job.result == "failure"
    assert not any(kept.is_file() for kept in job.kept.values())


# --- what GitLab has no ready-made step for ------------------------------------------------------


@pytest.mark.parametrize("pipelines", ["GitLab"], indirect=True)
def test_gitlabs_jobs_get_keys_for_as_long_as_they_may_take(
    pipelines: Pipelines, machine: Machine, sts: TokenService
) -> None:
    machine.grants_keys(by_itself=False)
    machine.deploy("dev", code=2)
    pipelines.push()
    assert called(machine) == TO_DEV
    assert [(one["OIDCToken"], one["DurationSeconds"]) for one in sts.asked] == [
        (secret("jwt", "preview-dev"), "3600"),
        (secret("jwt", "dev"), "7200"),
    ]
    assert {one["RoleSessionName"] for one in sts.asked} == {"gitlab-99"}


# --- other stacks --------------------------------------------------------------------------------

SEVERAL = """\
dev: development
stacks/shop:
  dev: development
  prod: production
stacks/pay:
  dev: development
  prod: production
"""


@pytest.fixture
def of_several(pipelines: Pipelines, machine: Machine) -> Pipelines:
    """A repository with the stacks of several applications."""
    (pipelines.checkout / TABLE).write_text(SEVERAL, encoding="utf-8")
    for one in listed(pipelines.checkout):
        file = pipelines.checkout / one.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        machine.knows(one.stack)
    code, written = pipelines.bash("make -s stacks FORMAT=gitlab", pipelines.checkout, {})
    assert code == 0, written
    (pipelines.checkout / ".gitlab/stacks.yml").write_text(written, encoding="utf-8")
    machine.calls()
    return pipelines


def of(calls: list[str], application: str) -> list[str]:
    return [call for call in calls if f"{application}-" in call]


def test_another_list_of_stacks_is_all_that_another_repository_needs(
    of_several: Pipelines, machine: Machine, forge: Server
) -> None:
    assert not red(of_several.push())
    calls = called(machine)
    assert calls[:2] == ["preview-dev: review dev", "dev: deploy dev, approved digest-of-dev"]
    for app in ("shop", "pay"):
        assert of(calls, app) == [
            f"preview-{app}-dev: review {app}-dev",
            f"{app}-dev: deploy {app}-dev, approved digest-of-{app}-dev",
            f"preview-{app}-prod: review {app}-prod, after {app}-dev",
            f"{app}-prod: deploy {app}-prod, after {app}-dev, approved digest-of-{app}-prod",
        ]
    names = "dev shop-dev shop-prod pay-dev pay-prod"
    assert not red(of_several.propose())
    calls = called(machine)
    assert calls[:5] == [f"nobody: plan {name}" for name in names.split()]
    assert calls[-1] == f"the-forge: comment {names}"
    assert "## pay-prod: reviewed" in forge.comments[0]["body"]
    assert not red(of_several.night())
    assert called(machine)[-1] == f"the-forge: issues {names}"


def test_one_applications_trouble_isnt_anothers(of_several: Pipelines, machine: Machine) -> None:
    machine.deploy("shop-dev", code=2)
    machine.review("pay-prod", in_step=False)
    assert red(of_several.push())
    calls = called(machine)
    assert [call.split(",")[0] for call in of(calls, "shop")] == [
        "preview-shop-dev: review shop-dev",
        "shop-dev: deploy shop-dev",
    ]
    assert len(of(calls, "pay")) == 3, "all but pay-prod's deployment"


def test_a_list_that_is_refused_ends_every_run_before_anything_is_done(
    pipelines: Pipelines, machine: Machine
) -> None:
    (pipelines.checkout / TABLE).write_text("dev: development\nqa: staging\n", encoding="utf-8")
    jobs = pipelines.propose()
    assert red(jobs)
    assert "tiers.yaml" in logs(jobs)
    calls = called(machine)
    if isinstance(pipelines, GitHub):
        assert calls == []
        assert red(pipelines.push())
        assert called(machine) == []
    else:  # where the list is kept as it was, until somebody writes it anew
        assert not [call for call in calls if "plan" in call]
