"""How a district, the whole of somebody's reach, or their part of one province is named in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flows.core.roles import Reach
from flows.core.text import T

MOST_DISTRICTS: Final = 4  # named one by one in a heading, which must fit into a digest

_BANGKOK = "กรุงเทพมหานคร"
_EVERYWHERE = T("ทุกจังหวัด", "every province")
_PROVINCES = T("จังหวัด{names}", "{names}")
_DISTRICTS = T("อำเภอ{names}", "districts {names}")
_DISTRICTS_IN = T("{districts} (จังหวัด{province})", "{districts} ({province})")
_TWO_PLACES = T("{first} และ{second}", "{first} and {second}")
_WHOLE = T("จังหวัด{province}", "{province} Province")
_SOME = T("อำเภอ{names} จังหวัด{province}", "districts {names} of {province}")
_MANY = T("{count} อำเภอในจังหวัด{province}", "{count} districts of {province}")
_SOME_OF_BANGKOK = T("เขต{names} {province}", "districts {names} of {province}")
_MANY_OF_BANGKOK = T("{count} เขตใน{province}", "{count} districts of {province}")


def area_of(district: str, province: str) -> T:
    """District and province as people write them."""
    if province == _BANGKOK:
        return T(_kept(f"เขต{district} {province}"), _kept(f"{district}, {province}"))
    return T(_kept(f"อำเภอ{district} จังหวัด{province}"), _kept(f"{district}, {province}"))


def part_in_words(reach: Reach, province: str, most: int = MOST_DISTRICTS) -> T:
    """What of a province lies within the reach: `จังหวัดลำปาง`, `อำเภอเกาะคา จังหวัดลำปาง`, `8 อำเภอในจังหวัดลำปาง`.

    `most` districts are named, of more it is said how many they are.
    """
    names, bangkok = reach.districts_of(province), province == _BANGKOK
    if not names:
        return _plain(province) if bangkok else _filled(_WHOLE, province=_plain(province))
    if len(names) == 1:
        return area_of(names[0], province)
    if len(names) > most:
        many = _MANY_OF_BANGKOK if bangkok else _MANY
        return _filled(many, count=_plain(str(len(names))), province=_plain(province))
    some = _SOME_OF_BANGKOK if bangkok else _SOME
    return _filled(some, names=_plain(", ".join(names)), province=_plain(province))


def places_in_words(reach: Reach) -> T:
    """`จังหวัดลำปาง, แพร่`."""
    if reach.everywhere:
        return _EVERYWHERE
    names = [_joined(_PROVINCES, reach.provinces)] if reach.provinces else []
    for province in dict.fromkeys(
        province for province, _ in reach.districts if province not in reach.provinces
    ):
        inside = _joined(_DISTRICTS, reach.districts_of(province))
        names.append(_filled(_DISTRICTS_IN, districts=inside, province=_plain(province)))
    found = names[0] if names else _plain("-")
    for one in names[1:]:
        found = _filled(_TWO_PLACES, first=found, second=one)
    return found


def _joined(say: T, names: Sequence[str]) -> T:
    return _filled(say, names=_plain(", ".join(names)))


def _plain(words: str) -> T:
    return T(_kept(words), _kept(words))


def _filled(say: T, **facts: T) -> T:
    return T(_kept(say.to("th", facts)), _kept(say.to("en", facts)))


def _kept(words: str) -> str:
    """Braces that anyone has typed are no slots."""
    return words.replace("{", "{{").replace("}", "}}")
