"""One resource's life behind the provider protocol: check, diff, create, read, update, delete.

It owns the translation between Pulumi's properties and the cloud's attributes, outputs and the
inputs that they amount to; it knows neither gRPC contexts nor engines, only the protocol's
messages.

Of a resource that was made and doesn't work, the answer is an error that carries it. The engine
keeps it in the state with the reason beside it, and asks for an update at each further run until
one succeeds.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.status_pb2 import Status

from facts.contract import Contract, Field, camel, contract_of
from sandbox.cloud import KINDS, Resource
from sandbox.provider.checks import check_inputs
from sandbox.provider.client import Client
from sandbox.provider.diffs import Change, differences, is_empty, is_same
from sandbox.provider.quirks import (
    after_update,
    cloud_id,
    is_only_forgotten,
    pulumi_id,
    refuse_unfound,
    sent_at_creation,
    sent_in_update,
)
from sandbox.provider.values import read_struct, write_struct
from stack.pulumi_wire import UNKNOWN, type_of

__all__ = [
    "InitFailedError",
    "Metadata",
    "check",
    "create",
    "delete",
    "diff",
    "inputs_of",
    "outputs_of",
    "planned_outputs",
    "read",
    "refuse_failed",
    "secrets_of",
    "update",
]

Metadata = tuple[tuple[str, str | bytes], ...]
Values = Mapping[str, Any]

# gRPC's `UNKNOWN`, and the header in which it carries more than a line of text.
_UNKNOWN_CODE = 2
_HEADER = "grpc-status-details-bin"
_KINDS = {
    ("add", False): proto.PropertyDiff.ADD,
    ("add", True): proto.PropertyDiff.ADD_REPLACE,
    ("update", False): proto.PropertyDiff.UPDATE,
    ("update", True): proto.PropertyDiff.UPDATE_REPLACE,
    ("delete", False): proto.PropertyDiff.DELETE,
    ("delete", True): proto.PropertyDiff.DELETE_REPLACE,
}


def check(request: proto.CheckRequest) -> tuple[proto.CheckResponse, list[str]]:
    """The checked inputs, and warnings for whoever can show them."""
    contract = contract_of(type_of(request.urn))
    news = read_struct(request.news)
    checked = check_inputs(contract, news.values)
    response = proto.CheckResponse(
        inputs=write_struct(checked.inputs, secrets_of(contract, news.secret) & news.values.keys()),
        failures=[
            proto.CheckFailure(property=name, reason=reason) for name, reason in checked.failures
        ],
    )
    return response, checked.warnings


def diff(request: proto.DiffRequest) -> proto.DiffResponse:
    contract = contract_of(type_of(request.urn))
    olds, news = read_struct(request.olds).values, read_struct(request.news).values
    # As the bridge does: what is ignored is no difference, even where the cloud dropped it.
    ignored = {str(path) for path in request.ignoreChanges}
    changes = [
        difference
        for difference in differences(contract, olds, news)
        if difference.field.camel not in ignored
    ]
    return proto.DiffResponse(
        changes=proto.DiffResponse.DIFF_SOME if changes else proto.DiffResponse.DIFF_NONE,
        diffs=[change.field.camel for change in changes],
        replaces=[change.field.camel for change in changes if change.field.replaces],
        hasDetailedDiff=True,
        detailedDiff={
            change.field.camel: proto.PropertyDiff(kind=_KINDS[change.how, change.field.replaces])
            for change in changes
        },
    )


def create(request: proto.CreateRequest, client: Client) -> proto.CreateResponse:
    contract = contract_of(type_of(request.urn))
    stated = read_struct(request.properties)
    secret = secrets_of(contract, stated.secret)
    if request.preview:
        planned = planned_outputs(contract, stated.values)
        return proto.CreateResponse(properties=write_struct(planned, secret & planned.keys()))
    wanted = sent_at_creation(contract.kind, contract.to_snake(stated.values))
    made = client.create(contract.kind, wanted, request.urn)
    outputs = outputs_of(contract, made, stated.values)
    properties = write_struct(outputs, secret & outputs.keys())
    refuse_failed(made, pulumi_id(made), properties, request.properties)
    return proto.CreateResponse(id=pulumi_id(made), properties=properties)


def read(request: proto.ReadRequest, client: Client) -> proto.ReadResponse:
    """As it is now; an empty id when it is gone."""
    contract = contract_of(type_of(request.urn))
    found = client.read(contract.kind, cloud_id(contract.kind, request.id), request.urn)
    if found is None or pulumi_id(found) != request.id:
        refuse_unfound(contract.kind, request.id, request.urn)
        return proto.ReadResponse(id="")
    stated, before = read_struct(request.inputs), read_struct(request.properties)
    outputs = outputs_of(contract, found, before.values)
    for name in map(camel, KINDS[contract.kind].provider.unread):
        outputs.pop(name, None)
        if name in before.values:
            outputs[name] = before.values[name]
    importing = not stated.values and not before.values
    inputs = inputs_of(contract, outputs, stated.values, importing=importing)
    secret = secrets_of(contract, stated.secret | before.secret)
    return proto.ReadResponse(
        id=request.id,
        properties=write_struct(outputs, secret & outputs.keys()),
        inputs=write_struct(inputs, secret & inputs.keys()),
    )


def update(request: proto.UpdateRequest, client: Client) -> proto.UpdateResponse:
    contract = contract_of(type_of(request.urn))
    olds, news = read_struct(request.olds), read_struct(request.news)
    secret = secrets_of(contract, news.secret)
    changes = differences(contract, olds.values, news.values)
    if request.preview:
        planned = _planned_update(contract, olds.values, news.values, changes)
        return proto.UpdateResponse(properties=write_struct(planned, secret & planned.keys()))
    differing = {change.field.camel: news.values.get(change.field.camel) for change in changes}
    before = contract.to_snake(olds.values)
    wanted = sent_in_update(contract.kind, before, contract.to_snake(differing))
    identity = cloud_id(contract.kind, request.id)
    # Nothing to send: the engine asks because of an earlier failure, or the provider keeps the
    # change to itself. How is it now?
    unchanged = None if wanted else client.read(contract.kind, identity, request.urn)
    changed = unchanged or client.update(contract.kind, identity, wanted, request.urn)
    after_update(changed, wanted)
    outputs = outputs_of(contract, changed, news.values)
    properties = write_struct(outputs, secret & outputs.keys())
    refuse_failed(changed, request.id, properties, request.news)
    return proto.UpdateResponse(properties=properties)


def _planned_update(
    contract: Contract,
    old: Values,
    new: Values,
    changes: list[Change],
) -> dict[str, Any]:
    gone = {change.field.camel for change in changes if change.how == "delete"}
    kept = {name: value for name, value in old.items() if name not in gone}
    return {**{name: kept[name] for name in kept if name in contract.by_camel}, **new}


def delete(request: proto.DeleteRequest, client: Client) -> None:
    contract = contract_of(type_of(request.urn))
    stated = read_struct(request.properties).values
    if is_only_forgotten(contract.kind, stated):
        return
    # A string on bandwidth packages, a boolean elsewhere.
    force = stated.get("force") in {True, "true"}
    identity = cloud_id(contract.kind, request.id)
    emptied = KINDS[contract.kind].provider.emptied_first
    if stated.get(camel(emptied)) and client.read(contract.kind, identity, request.urn):
        client.update(contract.kind, identity, {emptied: []}, request.urn)
    client.delete(contract.kind, identity, request.urn, force=force)


def outputs_of(contract: Contract, resource: Resource, stated: Values) -> dict[str, Any]:
    """All that the cloud answers, and what it never does: a password, as it was stated."""
    kept = {
        known.camel: stated[known.camel]
        for known in contract.inputs.values()
        if known.sensitive and known.camel in stated
    }
    return {**kept, **contract.to_camel(resource.attributes)}


def planned_outputs(contract: Contract, stated: Values) -> dict[str, Any]:
    """A resource that a preview would create: what the cloud will fill in isn't known."""
    unknown = {known.camel: UNKNOWN for known in contract.computed.values()}
    return {**unknown, **stated}


def inputs_of(
    contract: Contract, outputs: Values, stated: Values, *, importing: bool
) -> dict[str, Any]:
    """The inputs that would make a resource as it is now.

    Args:
        contract: the resource's type.
        outputs: as the cloud answers now.
        stated: the inputs so far.
        importing: there are none yet, and what the cloud filled in counts as stated.
    """
    inputs: dict[str, Any] = {}
    for known in contract.inputs.values():
        name = known.camel
        value = outputs.get(name)
        if name in stated:
            if is_same(known, value, stated[name]):
                inputs[name] = stated[name]
            elif value is not None:
                inputs[name] = value
        elif _belongs(known, value, importing=importing) and not any(
            # Of inputs that exclude each other, what is stated, else the first.
            other in inputs or other in stated
            for other in map(camel, known.conflicts_with)
        ):
            inputs[name] = value
    return inputs


def _belongs(known: Field, value: object, *, importing: bool) -> bool:
    """Whether what the cloud answers makes an input that isn't stated."""
    return not is_empty(value) and not known.deprecated and (importing or not known.computed)


def secrets_of(contract: Contract, stated: frozenset[str]) -> set[str]:
    """Names of properties that go out as secrets."""
    return set(stated) | {one.camel for one in contract.inputs.values() if one.sensitive}


class InitFailedError(Exception):
    """Something was made, or is there, and failed."""

    def __init__(self, identity: str, outputs: Struct, inputs: Struct, reason: str) -> None:
        super().__init__(reason)
        self._details = proto.ErrorResourceInitFailed(
            id=identity, properties=outputs, inputs=inputs, reasons=[reason]
        )

    @property
    def metadata(self) -> Metadata:
        """What goes with the refusal, so that the engine knows the resource."""
        packed = AnyMessage()
        packed.Pack(self._details)
        status = Status(code=_UNKNOWN_CODE, message=str(self), details=[packed])
        return ((_HEADER, status.SerializeToString()),)


def refuse_failed(resource: Resource, identity: str, outputs: Struct, inputs: Struct) -> None:
    """Raise for a resource that is there and failed.

    Args:
        resource: as the cloud has it.
        identity: its id in Pulumi's state.
        outputs: what would be answered about it.
        inputs: what the program states.

    Raises:
        InitFailedError: it failed.
    """
    if reason := KINDS[resource.kind].failure(resource):
        raise InitFailedError(identity, outputs, inputs, reason)
