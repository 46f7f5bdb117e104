"""Accounts are called by the official transport, with the credentials that the provider takes."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from judging.account.credentials import KEYS, OIDC, SECRETS, credential_of
from judging.account.functions import where_code_is
from judging.account.reading import Call, Listing, Pages, Reader, RefusedError, Send, UnreadError
from judging.account.transport import ENDPOINT, endpoint, official
from tests.account.accounts import REGION
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import Served, served

VPCS = Listing("vpc", "DescribeVpcs", ("Vpcs", "Vpc"))
GROUPS = Listing(
    "ecs", "DescribeSecurityGroups", ("SecurityGroups", "SecurityGroup"), Pages.CHAINED
)
KEY = {KEYS[1]: "an-id", SECRETS[1]: "a-secret"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("cloud"), ROOT / "Pulumi.dev.yaml") as one:
        yield one


def asked(send: Send, listing: Listing = VPCS) -> list[object]:
    return [*Reader(send, lambda _: None).listed(listing, REGION)]


def test_what_make_cloud_exports_is_enough_to_read_it(cloud: Served) -> None:
    made = cloud.store.create("vpc", {"cidr_block": "10.0.0.0/8"}, region=REGION)
    cloud.store.create("security_group", {"vpc_id": made.id}, region=REGION)
    send = official(cloud.exported)
    assert len(asked(send)) == len(asked(send, GROUPS)) == 1


def test_what_is_called_by_a_path_with_a_name_in_it_is_read(cloud: Served) -> None:
    code = {"zip_file": "UEsDBAoAAAAA"}
    made = {"function_name": "shop", "handler": "index.handler", "runtime": "python3.12"}
    cloud.store.create("fcv3_function", {**made, "code": code}, region=REGION)
    reader = Reader(official(cloud.exported), lambda _: None)
    assert where_code_is(reader, REGION, "shop").endswith(f",{code['zip_file']}")


def test_a_refusal_has_the_clouds_own_code(cloud: Served) -> None:
    wrong = {**cloud.exported, SECRETS[1]: "another"}
    with pytest.raises(RefusedError, match="SignatureDoesNotMatch") as refused:
        official(wrong)(Call("vpc", "DescribeVpcs", REGION))
    assert refused.value.code == "SignatureDoesNotMatch"
    assert "another" not in str(refused.value)


def test_throttling_over_the_network_is_waited_for(cloud: Served) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        cloud.store.calls_per_second = 0

    cloud.store.calls_per_second = 1
    reader = Reader(official(cloud.exported), wait)
    found = [reader.listed(VPCS, REGION) for _ in range(3)]
    assert all(found)
    assert waits == [0.5]


def test_an_address_that_answers_nothing_is_one_clear_error() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{closed.getsockname()[1]}"
    send = official({**KEY, f"{ENDPOINT}VPC": place})
    with pytest.raises(UnreadError, match=rf"DescribeVpcs.*{place}") as unread:
        asked(send)
    assert "a-secret" not in str(unread.value)


@pytest.mark.parametrize(
    ("said", "place"),
    [({}, "vpc.cn-shanghai.aliyuncs.com"), ({f"{ENDPOINT}VPC": "127.0.0.1:8"}, "127.0.0.1:8")],
)
def test_a_product_is_called_where_the_environment_says(said: dict[str, str], place: str) -> None:
    assert endpoint(said, Call("vpc", "DescribeVpcs", REGION)) == place


def credential(environment: dict[str, str]) -> tuple[str, str]:
    found = credential_of(environment).get_credential()
    return found.access_key_id, found.type


def test_keys_go_before_a_profile_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    profile = {"name": "work", "mode": "AK", "access_key_id": "theirs", "access_key_secret": "s"}
    file.write_text(json.dumps({"current": "other", "profiles": [profile]}), "utf-8")
    named = {"ALIBABA_CLOUD_PROFILE": "work", "ALIBABA_CLOUD_CREDENTIALS_FILE": str(file)}
    assert credential(named)[0] == "theirs"
    assert credential({**named, **KEY}) == ("an-id", "access_key")


@pytest.mark.parametrize(("key", "secret"), [*zip(KEYS, SECRETS, strict=True)])
def test_keys_are_found_by_every_name_that_the_provider_knows(key: str, secret: str) -> None:
    assert credential({key: "an-id", secret: "a-secret"}) == ("an-id", "access_key")


def test_a_token_makes_keys_of_a_session() -> None:
    assert credential({**KEY, "ALIBABA_CLOUD_SECURITY_TOKEN": "t"}) == ("an-id", "sts")


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({"ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:1/"}, "credentials_uri"),
        ({"ALIBABA_CLOUD_ECS_METADATA": "a-role"}, "ecs_ram_role"),
        (dict.fromkeys(OIDC, "x"), "oidc_role_arn"),
    ],
)
def test_other_ways_to_credentials_are_taken(environment: dict[str, str], kind: str) -> None:
    assert credential_of(environment).cloud_credential.type_name == kind


def test_without_credentials_it_is_said_what_to_set() -> None:
    with pytest.raises(UnreadError, match="ALIBABA_CLOUD_ACCESS_KEY_ID"):
        official({})


def test_a_profile_that_is_not_there_is_told_before_anything_is_called(tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    named = {"ALIBABA_CLOUD_PROFILE": "work", "ALIBABA_CLOUD_CREDENTIALS_FILE": str(file)}
    with pytest.raises(UnreadError, match="can't be had"):
        official(named)
