"""The page on the local cloud: what it serves, and the SDK's calls as they stand there."""

import re
from pathlib import Path

import pytest

from sandbox.api.actions import Product
from sandbox.api.products import PRODUCTS
from tests.docs.pages import ROOT, blocks, text_of
from tests.sandbox.api.api_lab import served

PAGE = ROOT / "docs" / "local-cloud.md"


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_the_page_lists_each_action_that_is_served(product: Product) -> None:
    _, _, part = text_of(PAGE).partition(f", version {product.version}:\n\n")
    assert set(re.findall(r"`(\w+)`", part.partition("\n\n")[0])) == product.actions.keys()


def test_the_pages_calls_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = blocks(PAGE, "python")
    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        for name, value in cloud.exported.items():
            monkeypatch.setenv(name, value)
        exec(compile(block.text, PAGE.name, "exec"), {})
        (eip,) = cloud.store.all("eip_address")
    made, listed = capsys.readouterr().out.splitlines()
    assert made == f"{eip.id} {eip['ip_address']}"
    assert listed == f"{made} Available"
