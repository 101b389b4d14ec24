"""A form is a declaration: its fields in order, and nothing about how they are asked."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.core.chat import Json
from flows.core.fields import Field
from flows.core.photos import Photos
from flows.core.places import Place
from flows.core.problem import FlowError
from flows.core.text import T


@dataclass(frozen=True)
class Flow:
    """A form. `letter` begins its entries' numbers; raise `version` whenever a stored draft may no longer fit."""

    key: str
    title: T
    letter: str
    icon: str
    headline: str  # "{name}": which answers name an entry in lists
    fields: Sequence[Field]
    category: str = "category"  # the key of the choice that lists are filtered by
    version: int = 1
    by_key: Mapping[str, Field] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_key = {one.key: one for one in self.fields}
        if len(by_key) != len(self.fields):
            raise FlowError(f"{self.key}: two fields have the same key")
        if not by_key or all(one.later for one in self.fields):
            raise FlowError(f"{self.key}: a form asks at least one question")
        if len(self.key) > 20 or not self.key.isidentifier():
            raise FlowError(f"{self.key}: a form's key is a short word")
        for name in (n for _, n, _, _ in string.Formatter().parse(self.headline) if n is not None):
            if name not in by_key:
                raise FlowError(f"{self.key}: the headline names no field: {name}")
        before: set[str] = set()
        for one in self.fields:
            if one.only_if is not None and one.only_if.key not in before:
                raise FlowError(f"{self.key}.{one.key}: its condition looks at no earlier field")
            before.add(one.key)
        object.__setattr__(self, "by_key", by_key)

    def applying(self, answers: Mapping[str, Json]) -> list[Field]:
        """The fields that these answers leave in play, in order."""
        return [one for one in self.fields if one.only_if is None or one.only_if.holds(answers)]

    def asked(self, answers: Mapping[str, Json]) -> list[Field]:
        """The line of questions: what is asked without being asked for."""
        return [one for one in self.applying(answers) if not one.later]

    def headline_of(self, answers: Mapping[str, Json]) -> str:
        """The words by which people know an entry, "" as long as they are not answered."""
        names = {one.key: one.shown(answers[one.key], "th") for one in self.fields if one.key in answers}
        try:
            return self.headline.format(**names)
        except KeyError:
            return ""

    def category_of(self, answers: Mapping[str, Json]) -> str:
        code = answers.get(self.category)
        return code if isinstance(code, str) else ""

    @property
    def photos(self) -> Photos | None:
        return next((one for one in self.fields if isinstance(one, Photos)), None)

    @property
    def place(self) -> Place | None:
        return next((one for one in self.fields if isinstance(one, Place)), None)
