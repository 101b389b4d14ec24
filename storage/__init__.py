"""The only place that knows there is a database or a disk; one file per noun."""
