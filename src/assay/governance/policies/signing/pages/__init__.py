"""Pages of sign-off: they read by queries and change by commands."""
