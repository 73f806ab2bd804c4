"""Checking: the whole ledger, in its store or in an export, entry for entry. It mends nothing."""
