"""The section made whole: APIs of documents among its own, and releases as the plugins they are.

The one place of the topology that reads files. A document's mistakes are told with its own file and
line, at the entry of the stack file that names it.
"""

from pathlib import Path

from stack.problems import KeyPath, Problem
from stack.topology import INSIDE, OUTSIDE, Expanded, leads_out
from topologies.api_gateway.apis.releases import release_name_problems, with_releases
from topologies.api_gateway.openapi.settings import Origin
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings


def with_documents(section: ApiGatewaySettings, folder: Path) -> Expanded[ApiGatewaySettings]:
    """The section with the APIs of its documents.

    Args:
        section: as the stack file has it.
        folder: the stack file's.
    """
    if not section.openapi:
        return Expanded(with_releases(section), tuple(release_name_problems(section)))
    # Brings in the validator of such documents, which most stacks don't need.
    from topologies.api_gateway.openapi.document import DocumentProblem  # noqa: PLC0415
    from topologies.api_gateway.openapi.imports import apis_of, document_of  # noqa: PLC0415
    from topologies.api_gateway.openapi.rules import reference_problems  # noqa: PLC0415

    apis, origins = dict(section.apis), dict[str, Origin]()
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for name, entry in section.openapi.items():
        path: KeyPath = (SECTION, "openapi", name)
        if leads_out(folder, entry.file):
            problems.append(Problem((*path, "file"), entry.file, OUTSIDE, INSIDE))
            continue
        if not (folder / entry.file).is_file():
            rule = f"there is no such file beside the stack file ({folder})"
            remedy = "correct the path, or fetch the document: make fetch-openapi"
            problems.append(Problem((*path, "file"), entry.file, rule, remedy))
            continue
        imported = apis_of(document_of(entry, folder), entry, path)
        for found, told in ((imported.problems, problems), (imported.warnings, warnings)):
            told += [
                one.seen_from((*path, "file")) if isinstance(one, DocumentProblem) else one
                for one in found
            ]
        unknown = [*reference_problems(entry, path, section)]
        problems += unknown
        for key, api in () if unknown else imported.apis.items():
            if key in apis:
                place = imported.origins[key].operation
                rule = f"an API has one name in a stack; {key} is there already"
                remedy = "give the other one another name, or this operation another operationId"
                problems.append(Problem((*path, "file"), entry.file, f"{place}: {rule}", remedy))
            else:
                apis[key], origins[key] = api, imported.origins[key]
    problems += release_name_problems(section)
    expanded = with_releases(section.with_documents(apis, origins))
    return Expanded(expanded, tuple(problems), tuple(warnings))
