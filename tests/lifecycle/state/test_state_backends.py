"""Where a state is kept: the commands of docs/state.md, on the real CLI and the simulated cloud."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import blocks
from tests.lifecycle.state.kept import PLANTED, UP, WANTED, Kept, bucket_at, set_secret
from tests.lifecycle.state.oss_door import OssDoor, oss_door
from tests.lifecycle.state.page import LOCAL, OSS, PAGE, script
from tests.lifecycle.state.s3_server import BUCKET, KEYS, S3Server

pytestmark = pytest.mark.engine

ENDPOINT = "s3.oss-cn-shanghai.aliyuncs.com"


@pytest.fixture
def oss(kept: Kept, bucket: S3Server, tmp_path: Path) -> Iterator[OssDoor]:
    """The bucket behind a door like OSS's, which the account's way out leads to."""
    with oss_door(ENDPOINT, bucket.url, tmp_path) as door:
        kept.account.environment |= {
            **KEYS,
            "HTTPS_PROXY": door.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "AWS_CA_BUNDLE": str(door.certificates),
        }
        yield door


def lives(kept: Kept) -> None:
    """Preview, build, look, delete."""
    kept.run("pulumi preview --stack prod")
    kept.run(f"{UP} && pulumi stack output --stack prod --json")
    assert kept.in_cloud() == WANTED
    assert kept.reached_the_cloud()
    kept.run("pulumi refresh --yes --skip-preview --stack prod --expect-no-changes")
    kept.run("pulumi destroy --yes --skip-preview --stack prod")
    assert kept.in_cloud() == []


def test_a_stack_lives_in_a_local_file_and_no_secret_is_ever_in_it(kept: Kept) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}")
    lives(kept)
    state = kept.home / "pulumi-state" / ".pulumi"
    assert list((state / "history").rglob("*.checkpoint.json"))
    assert list((state / "backups").rglob("*.json"))
    assert not list(state.rglob("*.attrs")), "a killed run leaves none of them by halves"
    kept.assert_nowhere()


def test_a_stack_lives_in_a_bucket_and_no_secret_is_ever_in_it(
    kept: Kept, bucket: S3Server
) -> None:
    login = script("## Other S3 servers", ("http://127.0.0.1:9000", bucket.url))
    kept.account.environment |= KEYS
    kept.run(f"{login}\npulumi stack init prod\n{set_secret(PLANTED)}")
    lives(kept)
    versions = bucket.versions()
    states = [key for key, _ in versions if key.endswith("/stacks/alicloud-gateways/prod.json")]
    assert len(states) > len(WANTED), "the bucket keeps what is overwritten"
    kept.assert_nowhere(versions)


def test_a_stack_lives_behind_the_address_of_oss_with_what_the_policy_allows(
    kept: Kept, oss: OssDoor
) -> None:
    kept.run(f"{OSS}\n{set_secret(PLANTED)}\n{UP}")
    kept.run("pulumi preview --stack prod --expect-no-changes")
    assert kept.in_cloud() == WANTED
    assert oss.refused == []
    assert {asked.host for asked in oss.asked} == {f"{BUCKET}.{ENDPOINT}"}
    assert all("/cn-shanghai/s3/" in asked.headers["authorization"] for asked in oss.asked)
    (policy,) = blocks(PAGE, "json")
    allowed = {
        action
        for statement in json.loads(policy.text)["Statement"]
        for action in statement["Action"]
    }
    assert {_action(asked.method, asked.path) for asked in oss.asked} == allowed


def _action(method: str, path: str) -> str:
    """What RAM calls a request: HEAD is a look at an object, a copy reads one and writes one."""
    if path.startswith("/?"):
        return "oss:ListObjects"
    return {
        "GET": "oss:GetObject",
        "HEAD": "oss:GetObject",
        "PUT": "oss:PutObject",
        "DELETE": "oss:DeleteObject",
    }[method]


@pytest.mark.parametrize(
    ("address", "variables", "told"),
    [
        ("&s3ForcePathStyle=true", {}, "SecondLevelDomainForbidden: Please use virtual hosted"),
        (
            "&request_checksum_calculation=when_supported",
            {},
            "InvalidArgument: aws-chunked encoding is not supported with the specified",
        ),
        (
            "",
            {"AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported"},
            "InvalidArgument: aws-chunked encoding is not supported with the specified",
        ),
        ("", {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}, "InvalidAccessKeyId"),
        ("", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "no EC2 IMDS role found"),
        ("&virtual=true", {}, "unknown query parameter"),
    ],
)
def test_what_the_page_says_of_a_wrong_address_is_what_one_sees(
    kept: Kept, oss: OssDoor, address: str, variables: dict[str, str], told: str
) -> None:
    wrong = OSS.replace("region=cn-shanghai", f"region=cn-shanghai{address}")
    assert told in kept.fail(wrong, **variables)
    assert told.partition(":")[0] in PAGE.read_text(encoding="utf-8")


def test_an_address_without_a_region_is_refused_before_anything_is_asked(
    kept: Kept, oss: OssDoor
) -> None:
    told = kept.fail(OSS.replace("&region=cn-shanghai", ""))
    assert "Invalid region: region was not a valid DNS name" in told
    assert oss.asked == []


def test_a_second_run_meets_the_lock_of_the_first_and_changes_nothing(
    kept: Kept, bucket: S3Server
) -> None:
    kept.account.environment |= bucket_at(bucket)
    kept.begin()
    store = kept.account.cloud()
    store.entry_seconds = 4.0
    first = kept.account.start(UP)
    while not store.calls("create", "vpc"):
        assert first.poll() is None, first.communicate()
    told = kept.fail(UP)
    assert "the stack is currently locked by 1 lock(s)" in told
    assert f"pid {first.pid}" in told or "created by" in told
    kept.run("pulumi preview --stack prod")
    out, err = first.communicate()
    assert first.returncode == 0, f"{out}\n{err}"
    store.close()
    assert kept.in_cloud() == WANTED


def test_a_stack_moves_to_another_backend_and_back_and_nothing_changes(
    kept: Kept, oss: OssDoor, bucket: S3Server
) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}\n{UP}")
    before = kept.account.file("Pulumi.prod.yaml").read_text("utf-8")
    kept.run(script("## Moving a stack"))
    assert kept.account.file("Pulumi.prod.yaml").read_text("utf-8") == before
    assert kept.in_cloud() == WANTED
    # The old one is gone, and takes nothing along.
    assert "no stack named 'prod' found" in kept.fail("pulumi preview --stack prod")
    kept.run(OSS.splitlines()[0])
    kept.run(f"{UP} --expect-no-changes")
    # Back again, by the same commands.
    there, _, rest = script("## Moving a stack").partition("\n")
    back = rest.splitlines()[1:4]
    kept.run("\n".join([there, LOCAL.splitlines()[1], *back]))
    kept.run("pulumi destroy --yes --skip-preview --stack prod")
    assert kept.in_cloud() == []
    kept.assert_nowhere(bucket.versions())
