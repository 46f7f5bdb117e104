"""A plugin, and the secrecy of what it says."""

import pulumi
import pytest

import components as c
from tests.components.api_builds import api_plugin
from tests.components.secrecy import is_secret
from tests.components.test_every_component import built
from tests.mocked_cloud import Registration, run


def plugin(plugin_type: str, data: pulumi.Input[str]) -> Registration:
    args: c.ApiPluginArgs = {
        "plugin_name": "shop_signature",
        "plugin_type": plugin_type,
        "plugin_data": data,
    }
    return run(lambda: c.ApiPlugin("sign", args))["sign-plugin"]


def test_a_plugin_of_another_type_takes_the_name_when_the_old_one_is_gone() -> None:
    assert built(api_plugin)["limits-plugin"].request.deleteBeforeReplace


def test_what_was_a_secret_stays_one_in_and_out() -> None:
    made = run(
        lambda: c.ApiPlugin(
            "jwt",
            {
                "plugin_name": "shop_jwt",
                "plugin_type": "jwtAuth",
                "plugin_data": pulumi.Output.secret("hush"),
            },
        )
    )["jwt-plugin"]
    assert is_secret(made.inputs["pluginData"])
    assert list(made.request.additionalSecretOutputs) == ["pluginData"]


@pytest.mark.parametrize("plugin_type", ["backendSignature", "basicAuth"])
def test_credentials_are_secret_even_if_nobody_said_so(plugin_type: str) -> None:
    made = plugin(plugin_type, "plain")
    assert is_secret(made.inputs["pluginData"])
    assert list(made.request.additionalSecretOutputs) == ["pluginData"]


def test_what_is_no_secret_can_be_read_in_a_preview() -> None:
    made = plugin("cors", "plain")
    assert made.inputs["pluginData"] == "plain"
    assert not list(made.request.additionalSecretOutputs)


def test_a_text_that_waits_for_other_resources_is_no_secret_for_that() -> None:
    """What a change makes of a canary's routes should be seen before it is made."""
    made = run(
        lambda: c.ApiPlugin(
            "routes",
            {
                "plugin_name": "shop_routes",
                "plugin_type": "routing",
                "plugin_data": pulumi.Output.from_input("routes"),
            },
        )
    )["routes-plugin"]
    assert made.inputs["pluginData"] == "routes"
    assert not list(made.request.additionalSecretOutputs)


def test_a_secret_in_any_other_type_goes_in_as_one() -> None:
    made = run(
        lambda: c.ApiPlugin(
            "routes",
            {
                "plugin_name": "shop_routes",
                "plugin_type": "routing",
                "plugin_data": pulumi.Output.secret("hush"),
            },
        )
    )["routes-plugin"]
    assert is_secret(made.inputs["pluginData"])
