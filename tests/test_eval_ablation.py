"""Taking parts out: what is replaced is there, and is replaced wherever it is used."""

import sys
from pkgutil import resolve_name

import pytest

from eval.ablation import PARTS, READER, without


@pytest.mark.parametrize("part", ["", READER, *PARTS])
def test_every_part_can_be_taken_out_and_is_put_back(part: str) -> None:
    targets = PARTS.get(part, {})
    before = {target: resolve_name(target) for target in targets}
    with without(part) as opened:
        assert callable(opened)
        assert all(resolve_name(target) is value for target, value in targets.items())
    assert all(resolve_name(target) is whole for target, whole in before.items())


@pytest.mark.parametrize("part", PARTS)
def test_a_function_is_taken_out_of_every_module_that_imports_it(part: str) -> None:
    for target in PARTS[part]:
        whole, name = resolve_name(target), target.rpartition(".")[2]
        home = getattr(whole, "__module__", "")
        if home.startswith("assistant."):
            having = {module for module, at in sys.modules.items() if module.startswith("assistant.") and vars(at).get(name) is whole}
            assert {f"{module}.{name}" for module in having - {home}} <= PARTS[part].keys()
