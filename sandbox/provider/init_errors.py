"""Resources that were made and don't work: how the protocol says so.

The answer to a create or update then is an error that carries the resource. The engine keeps it in
the state with the reason beside it, and asks for an update at each further run until one succeeds.
"""

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.status_pb2 import Status

from sandbox.cloud import KINDS, Resource

__all__ = ["InitFailedError", "Metadata", "refuse_failed"]

Metadata = tuple[tuple[str, str | bytes], ...]

# gRPC's `UNKNOWN`, and the header in which it carries more than a line of text.
_UNKNOWN = 2
_HEADER = "grpc-status-details-bin"


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
        status = Status(code=_UNKNOWN, message=str(self), details=[packed])
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
