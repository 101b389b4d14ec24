"""The provinces, districts and types to choose from."""

from __future__ import annotations

from datetime import datetime

from flows.core.campaign import Scope
from flows.core.roles import EVERYWHERE, Reach
from storage.db import Store
from storage.lao import Lao, import_laos
from storage.places import laos_in, places

LAOS = (
    Lao("1", "เทศบาลตำบลเกาะคา", "เทศบาลตำบล", "ลำปาง", "เกาะคา"),
    Lao("2", "เทศบาลเมืองเขลางค์", "เทศบาลเมือง", "ลำปาง", "เมืองลำปาง"),
    Lao("3", "เทศบาลตำบลแม่จะ", "เทศบาลตำบล", "แพร่", "เมืองแพร่"),
)


async def test_places_are_those_within_the_reach_in_thai_order(store: Store, now: datetime) -> None:
    await store.run(import_laos, LAOS, now)
    whole = await store.read(places, EVERYWHERE)
    assert list(whole.provinces.items()) == [("แพร่", ["เมืองแพร่"]), ("ลำปาง", ["เกาะคา", "เมืองลำปาง"])]
    assert list(whole.types) == ["เทศบาลเมือง", "เทศบาลตำบล"]
    assert whole.has("ลำปาง", "เกาะคา")
    assert not whole.has("แพร่", "เกาะคา")
    some = await store.read(places, Reach((), (("ลำปาง", "เกาะคา"),)))
    assert some.provinces == {"ลำปาง": ["เกาะคา"]}


async def test_the_laos_that_a_scope_asks_are_counted(store: Store, now: datetime) -> None:
    await store.run(import_laos, LAOS, now)
    for scope, count in (
        (Scope(), 3),
        (Scope(("ลำปาง",)), 2),
        (Scope(("ลำปาง",), (("แพร่", "เมืองแพร่"),), ("เทศบาลตำบล",)), 2),
        (Scope(("น่าน",)), 0),
    ):
        assert await store.read(laos_in, scope, EVERYWHERE) == count
    assert await store.read(laos_in, Scope(), Reach(("แพร่",))) == 1
