"""The page on arguments: what takes them, and what the program says of its examples."""

import yaml

from stack.arguments import Made
from stack.file.schema import model_at, models_of
from stack.problems import describe
from tests.docs.pages import ROOT, blocks, tables
from tests.stackfiles import FILE, dev_stack, problems_of, settings_of
from topologies import TOPOLOGIES, with_arguments
from topologies.arguments import NAMES

PAGE = ROOT / "docs" / "arguments.md"


def test_the_page_has_every_section_with_its_resource() -> None:
    models = models_of({topology.section: {} for topology in TOPOLOGIES}, TOPOLOGIES)
    wanted: list[tuple[str, ...]] = []
    for shape in NAMES:
        model = model_at(models, tuple(shape.split(".")))
        assert model is not None
        assert issubclass(model, Made)
        token = model.makes.token.removeprefix("alicloud:")
        wanted.append((f"`{shape.replace('*', '<name>')}`", f"`{token}`"))
    (table,) = tables(PAGE)
    assert [tuple(row) for row in table[1:]] == wanted


def test_the_pages_example_is_taken_and_its_misspelling_refused_as_it_says() -> None:
    example = yaml.safe_load(next(iter(blocks(PAGE, "yaml"))).text)["sharedBandwidth"]
    text = dev_stack(
        lambda settings: settings["sharedBandwidth"].update(natGateway=example["natGateway"])
    )
    assert [path[1] for path, _ in with_arguments(settings_of(text))] == ["natGateway"]
    (told,) = blocks(PAGE, "text")
    (problem,) = problems_of(text.replace("icmpReplyEnabled: false", "acessMode: {}"))
    shown = describe(FILE, problem).splitlines()
    assert shown[1:] == told.text.splitlines()[1:]
    assert shown[0].split()[-1] == told.text.splitlines()[0].split()[-1]
