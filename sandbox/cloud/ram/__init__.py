"""RAM: roles and users of the account, policies, who has which, and what that allows.

They belong to the account, not to a region.
"""

from sandbox.cloud.ram.policies import RolePolicy, RolePolicyAttachment, UserPolicyAttachment
from sandbox.cloud.ram.rights import NETWORK_ACTIONS, DeniedError, Rights, documents_of, forbidden
from sandbox.cloud.ram.roles import Role, is_trusted
from sandbox.cloud.ram.users import AccessKey, User

__all__ = [
    "KINDS",
    "NETWORK_ACTIONS",
    "AccessKey",
    "DeniedError",
    "Rights",
    "Role",
    "RolePolicy",
    "RolePolicyAttachment",
    "User",
    "UserPolicyAttachment",
    "documents_of",
    "forbidden",
    "is_trusted",
]

KINDS = (
    Role(),
    RolePolicy(),
    RolePolicyAttachment(),
    User(),
    AccessKey(),
    UserPolicyAttachment(),
)
