"""The basicAuth plugin: callers say a name and a password (RFC 7617).

API Gateway, "Basic authentication plug-ins". Its data sets aren't offered.
"""

from collections.abc import Iterator

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from stack.secrets import EXAMPLE, Secret
from topologies.api_gateway.plugins.base import (
    Data,
    DataValue,
    PluginKind,
    SecretRef,
    once_problems,
)


class BasicUser(Model):
    """Somebody who may call."""

    username: str = Field(min_length=1, examples=["alice"])
    """The name; without a colon."""

    password: Secret = Field(examples=[EXAMPLE])
    """The password. A secret."""


class BasicAuthSettings(PluginKind):
    """Callers say a name and a password."""

    users: list[BasicUser] = Field(
        min_length=1, examples=[[{"username": "alice", "password": EXAMPLE}]]
    )
    """Who may call."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a basicAuth plugin may not say."""
        names = [user.username for user in self.users]
        for problem in once_problems((*path, "users"), names, "a user"):
            yield Problem((*problem.path, "username"), problem.value, problem.rule, problem.remedy)
        for index, name in enumerate(names):
            if ":" in name:
                rule = "a name has no colon, behind which the password begins"
                where = (*path, "users", index, "username")
                yield Problem(where, name, rule, f"write {name.replace(':', '_')}")

    def written(self) -> Data:
        """A basicAuth plugin as the gateway documents it; its passwords as references."""
        users: list[DataValue] = [
            {"username": user.username, "password": SecretRef(("users", index, "password"))}
            for index, user in enumerate(self.users)
        ]
        return {"users": users}
