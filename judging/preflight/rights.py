"""Whether this identity may do what the update does, by the cloud's own dry runs.

One for each sort of call in each place, since what is asked is the right; `entries` asks about
each entry. Most actions have no dry run that is known to do nothing, and some can't be tried before
what they need is there: of those nothing is said here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from facts import kinds
from judging.account.trial import Trial, refusal_of
from judging.preflight.asking import Account, Answer, Question, fine, refused
from judging.preflight.wanted import Wanted
from judging.preview import State

__all__ = ["right_questions"]


@dataclass(frozen=True)
class _Tried:
    """What can be tried."""

    kind: str
    product: str
    action: str
    said: Mapping[str, str]
    """The parameters that it needs, each with the input that says it."""

    place: str = ""
    """The input that says where: another place may be another right."""

    more: Callable[[State], Mapping[str, str]] = lambda _: {}


def _servers_group(server: State) -> Mapping[str, str]:
    groups = [one for one in server.items("securityGroups") if isinstance(one, str)]
    return {"SecurityGroupId": groups[0]} if groups else {}


_TRIED: Final = (
    _Tried(
        kinds.FORWARD_ENTRY,
        "vpc",
        "CreateForwardEntry",
        {
            "ForwardTableId": "forwardTableId",
            "ExternalIp": "externalIp",
            "ExternalPort": "externalPort",
            "InternalIp": "internalIp",
            "InternalPort": "internalPort",
            "IpProtocol": "ipProtocol",
        },
        "forwardTableId",
    ),
    _Tried(
        kinds.SNAT_ENTRY,
        "vpc",
        "CreateSnatEntry",
        {"SnatTableId": "snatTableId", "SnatIp": "snatIp", "SourceVSwitchId": "sourceVswitchId"},
        "snatTableId",
    ),
    _Tried(
        kinds.SNAT_ENTRY,
        "vpc",
        "CreateSnatEntry",
        {"SnatTableId": "snatTableId", "SnatIp": "snatIp", "SourceCIDR": "sourceCidr"},
        "snatTableId",
    ),
    _Tried(kinds.VPC, "vpc", "CreateVpc", {"CidrBlock": "cidrBlock"}),
    _Tried(
        kinds.INSTANCE,
        "ecs",
        "RunInstances",
        {"ImageId": "imageId", "InstanceType": "instanceType", "VSwitchId": "vswitchId"},
        "vswitchId",
        _servers_group,
    ),
    _Tried(kinds.TRANSIT_ROUTER, "cbn", "CreateTransitRouter", {"CenId": "cenId"}, "cenId"),
)


def right_questions(wanted: Wanted) -> Iterator[Question]:
    """One for each action, in each place, of which all that it needs is known by now."""
    for tried in _TRIED:
        seen: set[tuple[str, str]] = set()
        for state in wanted.made.get(tried.kind, ()):
            said = {name: state.text(key) for name, key in tried.said.items()}
            place = (wanted.region_of(state), state.text(tried.place))
            if all(said.values()) and place not in seen:
                seen.add(place)
                said |= {"RegionId": place[0], **tried.more(state)}
                trial = Trial(tried.product, tried.action, place[0], said)
                yield _question(state.name, trial, stands=_stands(wanted, state))


def _stands(wanted: Wanted, state: State) -> bool:
    """Whether all that it stands on is as it will be: then a dry run shows whether it passes."""
    sources = {urn for key in state.dependencies for urn in state.comes_from(key)}
    return not sources & {one.urn for states in wanted.changed.values() for one in states}


def _question(name: str, trial: Trial, *, stands: bool) -> Question:
    def ask(account: Account) -> Answer:
        refusal = refusal_of(account.reader, trial)
        if refusal is None:
            return fine("a dry run passes")
        if refusal.is_of_rights:
            remedy = f"grant {trial.right} to who deploys: make ram-policy ROLE=deploy prints it"
            return refused(f"a dry run is refused: {refusal}", remedy)
        if not stands:
            return fine("allowed; a dry run can't tell more before what it stands on is there")
        return refused(f"a dry run is refused: {refusal}", "see what the cloud says of it")

    return Question(f"{trial.right}, for {name}", "allowed, and a dry run passes", ask)
