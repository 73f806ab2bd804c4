"""The ledger: what was done, by whom and when, in an order that nobody can change unseen. It holds no personal data."""
