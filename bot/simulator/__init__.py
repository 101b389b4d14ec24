"""Telegram's Bot API on loopback, with people to talk to: for the demo, the tests and the benchmarks.

    async with Simulator() as simulator:
        # the bot: base_url=f"{simulator.url}/bot", base_file_url=f"{simulator.url}/file/bot", simulator.token
        officer = simulator.person("สมหญิง")
        await officer.say("/start")
        await officer.hears("สวัสดี")
        await officer.press("เพิ่มข่าว")
        assert simulator.refusals == []

It keeps, redelivers and confirms updates as Telegram does and refuses what Telegram refuses, in Telegram's words.
Stricter than Telegram on purpose: unknown parameters and fields, which Telegram ignores, are refused too.
The page at `simulator.url` looks like a phone; what it can do, and a test in another process, is below `/sim/`.
"""

from bot.simulator.person import Person
from bot.simulator.server import Simulator

__all__ = ["Person", "Simulator"]
