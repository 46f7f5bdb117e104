"""Providers for regions other than the stack's own, made here and nowhere else.

Each gets the stack's own `alicloud:` configuration, with another region. What comes from the
environment (credentials above all) it reads from there by itself, as the default provider does.
"""

import inspect
from collections.abc import Iterator
from typing import Any, Final, get_args

import pulumi
import pulumi_alicloud as alicloud
from pydantic.alias_generators import to_camel

from stack.problems import Problem
from stack.provider_settings import PROVIDER, setting_problem
from stack.pulumi_wire import name_of

_FRONT: Final = "alicloud-"


def name_of_provider(reference: str) -> str:
    """The name of an explicit provider, by the reference to it that a resource has: URN and id."""
    return name_of(reference.rpartition("::")[0]) if reference else ""


def region_of(reference: str) -> str:
    """The region of an explicit provider, by a reference; empty of the default one."""
    return name_of_provider(reference).removeprefix(_FRONT)


class Regions:
    """Providers by region: the default one for the stack's own, an explicit one for each other."""

    def __init__(self, home: str | None) -> None:
        """Begin with the default provider, of the region `home`."""
        self._home = home
        self._providers: dict[str, alicloud.Provider] = {}

    def provider(self, region: str | None) -> alicloud.Provider | None:
        """The provider of a region; None where that is the default one."""
        return None if region is None or region == self._home else self.explicit(region)

    def explicit(self, region: str) -> alicloud.Provider:
        """The explicit provider of a region, for components that take one for each of theirs."""
        if region not in self._providers:
            arguments = alicloud.ProviderArgs(region=region, **_configured())
            self._providers[region] = alicloud.Provider(f"{_FRONT}{region}", arguments)
        return self._providers[region]

    def options(
        self, region: str | None, options: pulumi.ResourceOptions | None = None
    ) -> pulumi.ResourceOptions | None:
        """Options of a component in a region, added to those that it has anyway."""
        provider = self.provider(region)
        if provider is None:
            return options
        return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=provider))


def provider_problems() -> Iterator[Problem]:
    """What is wrong with the provider's settings, wherever Pulumi has them from."""
    config = pulumi.Config(PROVIDER)
    for name in inspect.signature(alicloud.ProviderArgs).parameters:
        key = to_camel(name)
        value = None if key == "region" else config.get(key)
        if value is not None:
            secret = pulumi.runtime.is_config_secret(f"{PROVIDER}:{key}")
            problem = setting_problem(key, value, encrypted=secret)
            if problem is not None:
                yield problem


def _configured() -> dict[str, Any]:
    """What the stack's configuration says to the provider, secrets as secrets."""
    config = pulumi.Config(PROVIDER)
    found: dict[str, Any] = {}
    for name, parameter in inspect.signature(alicloud.ProviderArgs).parameters.items():
        key = to_camel(name)
        if name != "region" and config.get(key) is not None:
            value = _value(config, key, get_args(parameter.annotation))
            secret = pulumi.runtime.is_config_secret(f"{PROVIDER}:{key}")
            found[name] = pulumi.Output.secret(value) if secret else value
    return found


def _value(config: pulumi.Config, key: str, kinds: tuple[object, ...]) -> object:
    """A setting as the provider's arguments take it: an account's id is text, all digits or not."""
    if str in kinds:
        return config.require(key)
    if bool in kinds:
        return config.require_bool(key)
    if int in kinds:
        return config.require_int(key)
    return config.require_object(key)
