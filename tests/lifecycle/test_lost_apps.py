"""Apps and authorizations that are gone from the cloud: named by drift, made anew by its steps.

The provider's own ways (sandbox.provider.quirks): no refresh ends well from then on.
"""

import re
from typing import Any

import pytest

from sandbox.cloud import Resource, Store
from tests.lifecycle.account import Account
from tests.lifecycle.conftest import ROOT

pytestmark = pytest.mark.engine

SERVERLESS = ROOT / "examples/api-gateway/serverless"
COMMAND = re.compile(r"^pulumi up --stack serverless --replace .*$", re.MULTILINE)
APP, AUTHORIZATION = "app-site-app", "api-getinfo-app-site"


@pytest.fixture
def cloud(account: Account) -> Store:
    """A stack with an app that may call an API."""
    for one in ("Pulumi.serverless.yaml", "phone-lookup"):
        account.succeed(f"cp -r '{SERVERLESS / one}' .")
    account.succeed("pulumi stack init serverless && pulumi up --yes --skip-preview")
    return account.cloud()


def only(cloud: Store, kind: str) -> Resource:
    (found,) = cloud.all(kind)
    return found


def drift(account: Account) -> tuple[int, str]:
    ended = account.run("make -s drift STACK=serverless")
    return ended.code, ended.out


def test_an_authorization_that_is_gone_is_named_beside_all_other_drift_and_mended(
    account: Account, cloud: Store
) -> None:
    cloud.delete_behind(only(cloud, "api_gateway_app_attachment").id)
    cloud.change_behind(only(cloud, "api_gateway_group").id, description="Somebody else's")

    # As with the real provider: a refresh fails, and an update sees nothing.
    assert account.run("pulumi refresh --preview-only").code != 0
    account.succeed("pulumi up --yes --skip-preview --expect-no-changes")

    code, report = drift(account)
    assert code == 2
    assert f"**Gone:** `{AUTHORIZATION}`." in report
    assert "Somebody else's" in report
    (mending,) = COMMAND.findall(report)
    account.succeed(f"{mending} --yes --skip-preview")
    assert only(cloud, "api_gateway_app_attachment").text("app_id")

    code, report = drift(account)
    assert "Somebody else's" in report
    assert "Gone" not in report
    account.succeed("pulumi refresh --yes --skip-preview && pulumi up --yes --skip-preview")
    assert drift(account)[0] == 0


def test_an_app_that_is_gone_is_made_anew_with_its_authorizations(
    account: Account, cloud: Store
) -> None:
    before = only(cloud, "api_gateway_app").id
    for kind in ("api_gateway_app_attachment", "api_gateway_app"):
        cloud.delete_behind(only(cloud, kind).id)
    code, report = drift(account)
    assert code == 2
    assert f"**Gone:** `{AUTHORIZATION}`, `{APP}`." in report
    (mending,) = COMMAND.findall(report)
    account.succeed(f"{mending} --yes --skip-preview")
    app: Any = only(cloud, "api_gateway_app").id
    assert app != before
    assert only(cloud, "api_gateway_app_attachment").text("app_id") == app
    assert drift(account)[0] == 0


def test_what_is_gone_and_was_meant_to_go_is_taken_out_of_the_stack_file(
    account: Account, cloud: Store
) -> None:
    for kind in ("api_gateway_app_attachment", "api_gateway_app"):
        cloud.delete_behind(only(cloud, kind).id)
    account.edit("Pulumi.serverless.yaml", "        apps: [site]\n", "")
    account.edit("Pulumi.serverless.yaml", "    apps:\n      site: {}\n", "")
    account.succeed("pulumi up --yes --skip-preview")
    assert drift(account)[0] == 0
