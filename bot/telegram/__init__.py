"""The only place that knows there is Telegram."""

import os

# The library's opt-in to its next way with durations; without it every 429 comes with a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")
