"""APIs that ask nobody who they are: neither themselves nor by a plugin."""

import json
from typing import Any

import pytest
from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from facts import kinds
from tests.policy.resources import UNKNOWN, Told, judged_stack, stack_resource

REQUEST = {"method": "GET", "path": "/page", "protocol": "HTTPS"}


def api(**more: Any) -> PolicyResource:
    inputs = {"authType": "ANONYMOUS", "stageNames": ["RELEASE"], "requestConfig": REQUEST, **more}
    return stack_resource(kinds.API, "page", inputs)


def with_plugin(kind: str, stage: str = "RELEASE", **data: Any) -> list[PolicyResource]:
    said = {"pluginType": kind, "pluginData": json.dumps(data)}
    page, plugin = api(), stack_resource(kinds.PLUGIN, "plugin", said)
    unknown = {"apiId": UNKNOWN, "pluginId": UNKNOWN, "stageName": stage}
    bound = stack_resource(kinds.PLUGIN_ATTACHMENT, "b", unknown, apiId=page, pluginId=plugin)
    return [page, plugin, bound]


def test_an_api_for_everybody_is_found_once_with_its_remedy() -> None:
    ((name, message),) = judged_stack("api-auth", [api()])
    assert name == "page"
    assert "Remedy: " in message
    assert judged_stack("api-auth", [api(authType="APP")]) == []
    assert judged_stack("api-auth", [api()], {"exempt": ["page"]}) == []


@pytest.mark.parametrize("kind", ["jwtAuth", "basicAuth", "remoteAuth"])
def test_an_api_that_checks_tokens_isnt_open(kind: str) -> None:
    assert judged_stack("api-auth", with_plugin(kind, jwk={})) == []


def test_tokens_that_nobody_has_to_bring_protect_nothing() -> None:
    assert judged_stack("api-auth", with_plugin("jwtAuth", bypassEmptyToken=True))
    assert judged_stack("api-auth", with_plugin("jwtAuth", stage="TEST"))
    assert judged_stack("api-auth", with_plugin("jwtAuth")[:2])
    assert judged_stack("api-auth", with_plugin("trafficControl", apiDefault=5))


def test_an_api_whose_way_of_asking_isnt_known_yet_neither_passes_nor_fails() -> None:
    told: Told = []
    with pytest.raises(UnknownValueError) as reason:
        judged_stack("api-auth", [api(authType=UNKNOWN)], told=told)
    assert "authType" in reason.value.message
    assert told == []
