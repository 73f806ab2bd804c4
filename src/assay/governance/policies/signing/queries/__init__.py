"""What may be read of sign-off. It changes nothing."""
