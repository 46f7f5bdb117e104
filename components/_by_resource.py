"""How the provider's larger services are loaded: resource by resource, as they are used.

`pulumi_alicloud.vpc` by itself loads each of its hundred modules as soon as one is touched, and a
program of a few resources would spend a quarter of its time on that. Here the service stands in for
itself: a resource's class is looked up in the module that is called as it is, and whatever else is
asked for (a function, a name that a module has in other words) loads the service as ever. Classes
are the same ones either way, and a service that a program has loaded before is left as it is.
"""

import re
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

import pulumi_alicloud

_SERVICES: Final = ("apigateway", "cen", "cms", "ecs", "ram", "slb", "vpc", "vpn")
_HELPERS: Final = ("outputs", "_inputs")
_NEW_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class _Service(ModuleType):
    """A service of which nothing is loaded yet."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the service has
        if name in _HELPERS:
            return import_module(f"{self.__name__}.{name}")
        module = _NEW_WORD.sub("_", name.removesuffix("Args")).lower()
        if name[0].isupper() and find_spec(f"{self.__name__}.{module}"):
            found = vars(import_module(f"{self.__name__}.{module}"))
            if name in found:
                return found[name]
        if name.startswith("__") or self.__spec__ is None or self.__spec__.loader is None:
            raise AttributeError(name)
        object.__setattr__(self, "__class__", ModuleType)
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def _stand_in(service: str) -> None:
    """Let a service load by resource, unless it is loaded; whoever has it already has the same."""
    module = getattr(pulumi_alicloud, service)
    if type(module) is not ModuleType:  # the package's own stand-in, which loads all at once
        object.__setattr__(module, "__class__", _Service)


for one in _SERVICES:
    _stand_in(one)
