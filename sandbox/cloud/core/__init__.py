"""What every kind is written with; beside it, in modules of their own, what keeps and serves them.

`store` is the cloud's door, `session` what a rule sees of it, `database` the file below.
"""

from sandbox.cloud.core.errors import CloudError
from sandbox.cloud.core.ids import Making
from sandbox.cloud.core.kind import Dependent, Kind, Parent, Provider, Quota
from sandbox.cloud.core.name_checks import check_any_name, check_description, check_name
from sandbox.cloud.core.resource import Attributes, Resource
from sandbox.cloud.core.session import Session

__all__ = [
    "Attributes",
    "CloudError",
    "Dependent",
    "Kind",
    "Making",
    "Parent",
    "Provider",
    "Quota",
    "Resource",
    "Session",
    "check_any_name",
    "check_description",
    "check_name",
]
