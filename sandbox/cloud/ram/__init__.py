"""RAM: roles, policies, and which role has which. They belong to the account, not to a region."""

from sandbox.cloud.ram.roles import Role, RolePolicy, RolePolicyAttachment

KINDS = (Role(), RolePolicy(), RolePolicyAttachment())
