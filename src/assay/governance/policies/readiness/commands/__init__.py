"""What changes readiness: each command is one transaction and one ledger entry."""
