"""The steps by which a database grows to what tables.py says; `python -m storage.migrations "what changes"` writes the next."""
