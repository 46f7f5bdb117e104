"""States without an engine: what one would keep of what is made in a store, as it is made.

A lab fills such a store by hand, and `built` by the program itself from a stack file.
"""

import json
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks
from typing_extensions import override

from facts.contract import contract_of, contract_of_kind
from facts.kinds import PROVIDER
from sandbox.cloud import DEFAULT_REGION, Resource, Store
from sandbox.provider.checks import check_inputs
from sandbox.provider.quirks import pulumi_id, sent_at_creation
from sandbox.provider.resources import outputs_of
from tests.mocked_cloud import last, run
from topologies.program import STACK_FILE_VARIABLE

ROOT = Path(__file__).resolve().parent.parent
_ON_OTHERS = {"Pulumi.existing.yaml", "Pulumi.shop.yaml", "Pulumi.blog.yaml"}
EXAMPLES = sorted(
    file for file in (ROOT / "examples").rglob("Pulumi.*.yaml") if file.name not in _ON_OTHERS
)
"""All but those that stand on what others have made."""

_DECRYPTED = "Secret4Tests"


class RecordingStore(Store):
    """A cloud, in memory or a file, in which nothing takes time; and a state of what it made."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        super().__init__(path, seed="tests")
        self.entry_seconds = self.association_seconds = self.instance_seconds = 0
        self._made: list[dict[str, Any]] = []
        self._regions: dict[str, str] = {}

    @override
    def create(
        self,
        kind: str,
        wanted: Mapping[str, Any],
        *,
        region: str = DEFAULT_REGION,
        token: str = "",
        key: str = "",
    ) -> Resource:
        made = super().create(kind, wanted, region=region, token=token, key=key)
        contract = contract_of_kind(kind)
        stated = contract.to_camel(wanted)
        kept = {
            "urn": key or f"urn:pulumi:dev::shop::{contract.token}::{kind}-{len(self._made)}",
            "custom": True,
            "id": pulumi_id(made),
            "type": contract.token,
            "inputs": stated,
            "outputs": outputs_of(contract, made, stated),
            "provider": f"{_provider_urn(region)}::id",
        }
        self._made.append(json.loads(json.dumps(kept)))
        self._regions[region] = _provider_urn(region)
        return made

    @property
    def deployment(self) -> dict[str, Any]:
        """The state, as `pulumi stack export` would have it."""
        providers = [
            {"urn": urn, "custom": True, "id": "id", "type": PROVIDER, "inputs": {"region": region}}
            for region, urn in self._regions.items()
        ]
        return {"resources": [*providers, *self._made]}


def _provider_urn(region: str) -> str:
    return f"urn:pulumi:dev::shop::{PROVIDER}::{region}"


class _Kept(Mocks):
    """Makes in a store what a program registers."""

    def __init__(self, store: Store, region: str) -> None:
        self._store = store
        self._regions = {"": region}

    def call(self, args: MockCallArgs) -> Any:
        raise AssertionError(f"a program asked the cloud: {args.token}")

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if not args.custom:
            return "", {}
        given = cast("dict[str, Any]", args.inputs)
        stated = {name: _plain(one) for name, one in given.items() if one is not None}
        if args.typ == PROVIDER:
            self._regions[args.name] = stated["region"]
            return f"{args.name}-id", stated
        contract = contract_of(args.typ)
        checked = check_inputs(contract, stated)
        assert checked.failures == []
        made = self._store.create(
            contract.kind,
            sent_at_creation(contract.kind, contract.to_snake(checked.inputs)),
            # The reference is the provider's URN and its id.
            region=self._regions[last((args.provider or "").rpartition("::")[0])],
            key=f"urn:pulumi:dev::shop::{args.typ}::{args.name}",
        )
        return pulumi_id(made), outputs_of(contract, made, checked.inputs)


def built(file: Path, store: Store) -> None:
    """Run the program with a stack file, and make in a store what it registers."""
    config: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["config"]
    texts = {
        key: value if isinstance(value, str) else json.dumps(_decrypted(value))
        for key, value in config.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv(STACK_FILE_VARIABLE, str(file))
        run(
            lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"),
            texts,
            cloud=_Kept(store, config["alicloud:region"]),
        )


def _plain(value: Any) -> Any:
    """Without secrets, and with whole numbers for what the protocol has as numbers."""
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_plain(one) for one in cast("list[Any]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _decrypted(value: Any) -> Any:
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        if inner.keys() == {"secure"}:
            return _DECRYPTED
        return {name: _decrypted(one) for name, one in inner.items()}
    if isinstance(value, list):
        return [_decrypted(one) for one in cast("list[Any]", value)]
    return value
