"""The account is asked where there are keys: what may be read of it, and never for long."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from judging.account.credentials import KEYS, SECRETS
from judging.account.holding import LISTINGS, unseen
from judging.account.transport import ENDPOINT
from tests.account.accounts import REGION, filled
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import Served, served
from tools.doctor import asking
from tools.doctor.asking import asked
from tools.doctor.machine import Account


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("cloud"), ROOT / "Pulumi.dev.yaml") as one:
        yield one


@pytest.fixture
def keys(cloud: Served, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in cloud.exported.items():
        monkeypatch.setenv(name, value)
    cloud.store.faults.clear()
    return monkeypatch


def test_each_list_that_needs_nothing_else_is_asked_for_once() -> None:
    _, account = filled()
    assert unseen(account.reader(), REGION) == ()
    alone = {one.action for one in LISTINGS if not one.of}
    called = [call.action for call in account.calls]
    assert {*called} == alone
    assert len(called) == len([one for one in LISTINGS if not one.of])


@pytest.mark.usefixtures("keys")
def test_an_account_that_may_be_read_says_so() -> None:
    assert asked(REGION) == Account(REGION)


@pytest.mark.usefixtures("keys")
def test_rights_that_are_lacking_are_named(cloud: Served) -> None:
    cloud.store.faults.fail_action("DescribeEipAddresses", code="Forbidden.RAM")
    cloud.store.faults.fail_action("DescribeCens", code="NoPermission")
    account = asked(REGION)
    assert account is not None
    assert account.gaps == (
        "cen:DescribeCens in every region: NoPermission",
        f"vpc:DescribeEipAddresses in {REGION}: Forbidden.RAM",
    )


def test_keys_that_the_account_refuses_are_told_by_its_code(keys: pytest.MonkeyPatch) -> None:
    keys.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "a-wrong-one")
    assert asked(REGION) == Account(REGION, refused="SignatureDoesNotMatch")


@pytest.mark.usefixtures("keys")
def test_an_account_that_is_busy_is_not_waited_for(cloud: Served) -> None:
    cloud.store.faults.throttle(next_calls=1000)
    began = time.monotonic()
    assert asked(REGION) == Account(REGION, refused="Throttling.User")
    assert time.monotonic() - began < asking.SECONDS / 2


def test_without_keys_or_a_profile_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking.os, "environ", {SECRETS[0]: "half", "ALICLOUD_ECS_ROLE_NAME": "x"})
    assert asked(REGION) is None


def test_a_network_that_swallows_calls_is_left_after_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        there = {KEYS[0]: "id", SECRETS[0]: "secret", f"{ENDPOINT}VPC": place}
        monkeypatch.setattr(asking.os, "environ", there)
        assert asked(REGION) == Account(REGION, reached=False)


def test_a_profile_that_is_not_there_is_told_by_its_own_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = str(tmp_path / "none.json")
    there = {"ALICLOUD_PROFILE": "work", "ALICLOUD_SHARED_CREDENTIALS_FILE": none}
    monkeypatch.setattr(asking.os, "environ", there)
    assert asked(REGION) is None
