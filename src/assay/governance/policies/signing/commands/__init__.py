"""What changes sign-off: each command is one transaction and one ledger entry."""
