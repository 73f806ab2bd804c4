"""Pages of readiness: they read by queries and change by commands."""
