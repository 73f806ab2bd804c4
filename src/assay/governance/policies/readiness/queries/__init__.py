"""What may be read of readiness. It changes nothing."""
