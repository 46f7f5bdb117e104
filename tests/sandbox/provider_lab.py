"""A provider behind a real gRPC channel, spoken to as the engine does, for tests."""

# ruff: noqa: N802 - the calls have the protocol's own names

from collections.abc import Mapping
from typing import Any, NoReturn, Protocol, cast

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from sandbox.cloud import Store
from sandbox.provider import Servicer, serve
from sandbox.provider.values import read_struct, write_struct

TYPES = {
    "vpc": "alicloud:vpc/network:Network",
    "vswitch": "alicloud:vpc/switch:Switch",
    "nat": "alicloud:vpc/natGateway:NatGateway",
    "eip": "alicloud:ecs/eipAddress:EipAddress",
    "association": "alicloud:ecs/eipAssociation:EipAssociation",
    "forward": "alicloud:vpc/forwardEntry:ForwardEntry",
    "snat": "alicloud:vpc/snatEntry:SnatEntry",
    "package": "alicloud:vpc/commonBandwithPackage:CommonBandwithPackage",
    "group": "alicloud:ecs/securityGroup:SecurityGroup",
    "rule": "alicloud:ecs/securityGroupRule:SecurityGroupRule",
    "instance": "alicloud:ecs/instance:Instance",
    "packing": "alicloud:vpc/commonBandwithPackageAttachment:CommonBandwithPackageAttachment",
    "card": "alicloud:ecs/ecsNetworkInterface:EcsNetworkInterface",
    "attachment": "alicloud:ecs/ecsNetworkInterfaceAttachment:EcsNetworkInterfaceAttachment",
    "command": "alicloud:ecs/command:Command",
    "invocation": "alicloud:ecs/ecsInvocation:EcsInvocation",
}
Values = Mapping[str, Any]


class Engine(Protocol):
    """The calls that are made here; the generated stub leaves their types open."""

    def Configure(self, request: proto.ConfigureRequest) -> proto.ConfigureResponse: ...
    def Check(self, request: proto.CheckRequest) -> proto.CheckResponse: ...
    def Diff(self, request: proto.DiffRequest) -> proto.DiffResponse: ...
    def Create(self, request: proto.CreateRequest) -> proto.CreateResponse: ...
    def Read(self, request: proto.ReadRequest) -> proto.ReadResponse: ...
    def Update(self, request: proto.UpdateRequest) -> proto.UpdateResponse: ...
    def Delete(self, request: proto.DeleteRequest) -> object: ...
    def Invoke(self, request: proto.InvokeRequest) -> proto.InvokeResponse: ...


class KilledError(Exception):
    """Stands for the death of the provider's process."""


def _die() -> NoReturn:
    raise KilledError


class ProviderLab:
    """A provider on a store of its own, configured for Shanghai."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.store.entry_seconds = self.store.association_seconds = 0.005
        self.server, port = serve(Servicer(store, die=_die))
        self._channels = [grpc.insecure_channel(f"127.0.0.1:{port}")]
        self._port = port
        self.stub = cast("Engine", ResourceProviderStub(self._channels[0]))
        self.configure(self.stub, "cn-shanghai")

    def another(self, region: str) -> Engine:
        """A second provider instance: a connection of its own, and a region."""
        options = [("grpc.use_local_subchannel_pool", 1)]
        channel = grpc.insecure_channel(f"127.0.0.1:{self._port}", options=options)
        self._channels.append(channel)
        stub = cast("Engine", ResourceProviderStub(channel))
        self.configure(stub, region)
        return stub

    def configure(self, stub: Engine, region: str) -> None:
        stub.Configure(proto.ConfigureRequest(args=write_struct({"region": region})))

    def close(self) -> None:
        for channel in self._channels:
            channel.close()
        self.server.stop(None)

    # --- what the engine asks -----------------------------------------------------------------

    def check(self, kind: str, inputs: Values) -> proto.CheckResponse:
        return self.stub.Check(proto.CheckRequest(urn=urn(kind), news=write_struct(inputs)))

    def failures(self, kind: str, inputs: Values) -> dict[str, str]:
        return {one.property: one.reason for one in self.check(kind, inputs).failures}

    def create(self, kind: str, inputs: Values, **more: Any) -> tuple[str, dict[str, Any]]:
        checked = self.check(kind, inputs)
        assert not checked.failures, checked.failures
        request = proto.CreateRequest(urn=urn(kind), properties=checked.inputs, **more)
        made = self.stub.Create(request)
        return made.id, plain(made.properties)

    def diff(self, kind: str, outputs: Values, inputs: Values) -> proto.DiffResponse:
        request = proto.DiffRequest(
            urn=urn(kind), olds=write_struct(outputs), news=self.check(kind, inputs).inputs
        )
        return self.stub.Diff(request)

    def differing(self, kind: str, outputs: Values, inputs: Values) -> set[str]:
        return set(self.diff(kind, outputs, inputs).diffs)

    def read(self, kind: str, identity: str, outputs: Values, inputs: Values) -> proto.ReadResponse:
        return self.stub.Read(
            proto.ReadRequest(
                id=identity,
                urn=urn(kind),
                properties=write_struct(outputs),
                inputs=write_struct(inputs),
            )
        )

    def update(self, kind: str, identity: str, old: Values, new: Values) -> dict[str, Any]:
        request = proto.UpdateRequest(
            id=identity, urn=urn(kind), olds=write_struct(old), news=write_struct(new)
        )
        return plain(self.stub.Update(request).properties)

    def delete(self, kind: str, identity: str, outputs: Values) -> None:
        request = proto.DeleteRequest(id=identity, urn=urn(kind), properties=write_struct(outputs))
        self.stub.Delete(request)

    # --- a network to work in -----------------------------------------------------------------

    def gateway_with_ip(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """A NAT gateway's and a bound address's outputs."""
        vpc, _ = self.create("vpc", {"cidrBlock": "192.168.0.0/16"})
        vswitch, _ = self.create(
            "vswitch",
            {"vpcId": vpc, "cidrBlock": "192.168.1.0/24", "zoneId": "cn-shanghai-a"},
        )
        gateway, nat = self.create(
            "nat", {"vpcId": vpc, "vswitchId": vswitch, "natType": "Enhanced"}
        )
        address, eip = self.create("eip", {})
        self.create("association", {"allocationId": address, "instanceId": gateway})
        return {"id": gateway, "vswitchId": vswitch, **nat}, {"id": address, **eip}

    def entry_inputs(self, nat: Values, eip: Values, **more: object) -> dict[str, Any]:
        return {
            "forwardTableId": nat["forwardTableIds"],
            "externalIp": eip["ipAddress"],
            "externalPort": "80",
            "internalIp": "192.168.1.1",
            "internalPort": "80",
            "ipProtocol": "tcp",
            **more,
        }


def urn(kind: str) -> str:
    return f"urn:pulumi:dev::shop::gateways:index:Front${TYPES.get(kind, kind)}::{kind}"


def plain(struct: Struct) -> dict[str, Any]:
    return read_struct(struct).values
