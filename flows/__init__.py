"""The forms: every module directly in this folder declares one FLOW, and the CATALOGUE finds them all."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from flows.core.flow import Flow
from flows.core.problem import FlowError


def _catalogue() -> Mapping[str, Flow]:
    found: dict[str, Flow] = {}
    for module in sorted(one.name for one in iter_modules(__path__) if not one.ispkg):
        flow = getattr(import_module(f"{__name__}.{module}"), "FLOW", None)
        if not isinstance(flow, Flow) or flow.key != module:
            raise FlowError(f"flows/{module}.py declares no FLOW with the key {module!r}")
        if any(flow.letter == other.letter for other in found.values()):
            raise FlowError(f"flows/{module}.py: the letter {flow.letter} is taken")
        found[flow.key] = flow
    return MappingProxyType(found)


CATALOGUE: Mapping[str, Flow] = _catalogue()
