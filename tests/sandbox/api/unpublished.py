"""The few fields of products whose SDK isn't installed, as the provider's SDK for Go reads them."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any


def _model(**types: str) -> Any:
    """A model of the same kind as a generated one: `types_of` asks it for its fields."""
    return type("Model", (), {"TYPES": types})


LOCATION = SimpleNamespace(
    DescribeEndpointsRequest=_model(Id="str", Namespace="str", ServiceCode="str", Type="str"),
    DescribeEndpointsResponse=_model(body="DescribeEndpointsResponseBody"),
    DescribeEndpointsResponseBody=_model(Endpoints="Endpoints", RequestId="str", Success="bool"),
    Endpoints=_model(Endpoint="List[Endpoint]"),
    Endpoint=_model(
        Endpoint="str",
        Id="str",
        Namespace="str",
        Protocols="Protocols",
        SerivceCode="str",
        ServiceCode="str",
        Type="str",
    ),
    Protocols=_model(Protocols="List[str]"),
)
BSS = SimpleNamespace(
    QueryAvailableInstancesRequest=_model(
        PageNum="int", PageSize="int", ProductCode="str", ProductType="str", SubscriptionType="str"
    ),
    QueryAvailableInstancesResponse=_model(body="QueryAvailableInstancesResponseBody"),
    QueryAvailableInstancesResponseBody=_model(Data="Data", RequestId="str", Success="bool"),
    Data=_model(PageNum="int", PageSize="int", TotalCount="int", InstanceList="List[Instance]"),
)
MODELS: Mapping[str, Any] = {"bssopenapi": BSS, "location": LOCATION}
"""By the product's code."""
