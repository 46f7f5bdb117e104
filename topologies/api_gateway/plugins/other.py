"""Plugins as text: any kind, its data as the product's pages show it.

For what has no settings of its own here. Nothing looks into the data, so that the cloud is the
first to judge it; but keys and passwords stand in it as `#name#`, of the plugin's `secrets`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, cast

from pydantic import Field
from typing_extensions import override

from stack.file.tree import at, walk
from stack.file.yaml_file import YamlFile
from stack.model import Name
from stack.problems import KeyPath, Problem, dotted
from stack.secrets import EXAMPLE, HIDDEN, Secret
from topologies.api_gateway.plugins.base import (
    Data,
    DataValue,
    PluginKind,
    Ref,
    SecretRef,
    shown,
)

OtherType = Literal[
    "accessControl", "backendSignature", "basicAuth", "caching", "circuitBreaker", "cors",
    "errorMapping", "ipControl", "jwtAuth", "logMask", "remoteAuth", "routing", "trafficControl",
    "transformer",
]  # fmt: skip

_CREDENTIALS: Final = frozenset({"password", "secret"})
_SIGNATURE: Final = "backendSignature"
# Of a JSON Web Key (RFC 7518); with `kty`, none of them is public.
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class OtherSettings(PluginKind):
    """A plugin of any kind, its data as the product's pages show it."""

    type: OtherType = Field(examples=["transformer"])
    """The kind, by the cloud's name for it."""

    data: str = Field(examples=["putResponseHeader: [{name: x-door, value: public}]"])
    """What it says, in YAML or JSON, as the product's documents show it. `#name#` as a whole value
    stands for one of `secrets`. Without secrets it gets there letter by letter."""

    secrets: dict[Name, Secret] = Field(
        default_factory=dict[Name, Secret], examples=[{"alice": EXAMPLE}]
    )
    """Keys and passwords that the data names. Secrets."""

    def cloud_name(self, key: str) -> str:
        """The kind that it says."""
        del key
        return self.type

    @property
    def checks_tokens(self) -> bool:
        """Whether it is the kind that does."""
        return self.type == "jwtAuth"

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Text that is no map, and keys and passwords that can be read in it."""
        where, file = (*path, "data"), self._file()
        if file.problems or not isinstance(file.values, dict):
            why = f": {file.problems[0].rule}" if file.problems else ""
            rule = f"data is a map in YAML or JSON{why}"
            yield Problem(
                where, None, rule, "write it as the product's documents do, below data: |"
            )
            return
        used: set[str] = set()
        for place, leaf in walk(file.values):
            if isinstance(leaf, dict | list):
                continue
            named = [name for name in self.secrets if isinstance(leaf, str) and _mark(name) in leaf]
            used.update(named)
            if any(leaf != _mark(name) for name in named):
                rule = f"a secret is a whole value, and {dotted(place)} has more beside it"
                remedy = f"write {_mark(named[0])} alone, and the rest into the secret"
                yield Problem(where, HIDDEN, rule, remedy)
            elif not named and leaf not in (None, "") and self._is_credential(place, file.values):
                name = "secret" if not self.secrets else next(iter(self.secrets))
                rule = f"{dotted(place)} is never written in plain text: who reads the file has it"
                remedy = (
                    f'write "{_mark(name)}" there, and the text as a secret into secrets.{name}'
                )
                yield Problem(where, HIDDEN, rule, remedy)
        for name in self.secrets:
            if name not in used:
                rule = f"data has no {_mark(name)}"
                remedy = f'write "{_mark(name)}" where the secret stands, or remove it'
                yield Problem((*path, "secrets", name), HIDDEN, rule, remedy)

    def written(self) -> Data:
        """Its data as it is, with places for the secrets."""
        values = self._file().values
        marks = {_mark(name): SecretRef(("secrets", name)) for name in self.secrets}

        def placed(value: DataValue) -> DataValue:
            match value:
                case str():
                    return marks.get(value, value)
                case dict():
                    return {key: placed(one) for key, one in value.items()}
                case list():
                    return [placed(one) for one in value]
                case _:
                    return value

        return {key: placed(one) for key, one in cast("Data", values).items()}

    @override
    def text(self, fill: Callable[[Ref], str] = shown) -> str:
        """Its data letter by letter, unless secrets have to be put into it."""
        return super().text(fill) if self.secrets else self.data

    def _is_credential(self, place: KeyPath, values: object) -> bool:
        key = str(place[-1])
        if key.lower() in _CREDENTIALS or (self.type == _SIGNATURE and key == "key"):
            return True
        beside = at(values, (*place[:-1], "kty"))
        return beside is not None and key in _PRIVATE

    def _file(self) -> YamlFile:
        return YamlFile(Path("data"), self.data)


def _mark(name: str) -> str:
    return f"#{name}#"
