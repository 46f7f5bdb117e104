"""What every kind of resource answers: its rules at each step, and its attributes.

A kind is stateless. `prepare` asks the rules that need other resources; `complete` fills in what
the cloud computes and asks nobody, so that unit tests' mocks can use the same code offline.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.cloud.errors import CloudError
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session

__all__ = ["Kind", "refuse_protected"]


class Kind:
    """One kind of resource. The defaults here suit a kind without rules."""

    name: ClassVar[str]
    prefix: ClassVar[str] = ""
    not_found: ClassVar[str] = "InvalidResource.NotFound"
    # The setting that says for how many seconds creating, changing or deleting one is under way;
    # none when that is over at once.
    duration: ClassVar[str] = ""
    # The id says everything about one, so asking for the same twice makes one and succeeds.
    same_is_one: ClassVar[bool] = False
    # Attributes that are two names of one thing: setting the first sets the second.
    twins: ClassVar[Mapping[str, str]] = {}
    # Attributes that no state tells, each with what isn't known then.
    unknowable: ClassVar[Mapping[str, str]] = {}

    def identity(self, session: Session, wanted: Attributes) -> str:  # noqa: ARG002 - for kinds that derive it
        """The new resource's id; kinds without an id of their own derive it from `wanted`."""
        return self.shaped(session.new_id(self.prefix))

    def shaped(self, drawn: str) -> str:
        """An id that was drawn, in the form that ids of this kind have."""
        return drawn

    def prepare(self, session: Session, wanted: Attributes) -> Attributes:  # noqa: ARG002 - a default
        """Refuse what the cloud refuses; answer attributes that follow from other resources."""
        return {}

    def surroundings(self, session: Session, known: Attributes) -> Attributes:  # noqa: ARG002 - a default
        """Attributes that nobody is told, and that follow from other resources."""
        return {}

    def complete(self, wanted: Attributes, making: Making) -> Attributes:  # noqa: ARG002 - a default
        """All attributes that the cloud would answer. Asks no other resource."""
        return dict(wanted)

    def asked_again(self, session: Session, same: Resource, wanted: Attributes) -> None:
        """What asking for the same thing twice changes, where `same_is_one`."""

    def created(self, session: Session, resource: Resource) -> None:
        """What else changes when one was created."""

    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        """Refuse a change that the cloud refuses."""

    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        """What else changes when one was changed."""

    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        """Refuse a deletion that the cloud refuses."""

    def deleted(self, session: Session, resource: Resource) -> None:
        """What else changes when one was deleted."""

    def make(self, wanted: Attributes, making: Making) -> Attributes:
        """The attributes of a new resource, twins included, what isn't set left out."""
        # Write-only in the cloud: it never answers a password, so the store never holds one.
        stated = {k: v for k, v in wanted.items() if v is not None and k != "password"}
        made = self.complete(self.derive(stated), making)
        return {k: v for k, v in self.derive(made).items() if v is not None}

    def derive(self, attributes: Mapping[str, Any]) -> Attributes:
        """The same attributes and those that follow from them; twins get whichever is set."""
        filled = dict(attributes)
        for one, other in self.twins.items():
            value = filled[one] if one in filled else filled.get(other)
            if value is not None:
                filled[one] = filled[other] = value
        return filled


def refuse_protected(resource: Resource) -> None:
    """Refuse to delete what has deletion protection on."""
    if resource["deletion_protection"]:
        raise CloudError(
            "InvalidOperation.DeletionProtection",
            f"{resource.id} has deletion protection on; turn it off and apply that first.",
        )
