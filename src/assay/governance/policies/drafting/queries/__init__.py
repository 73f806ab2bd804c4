"""What may be read of drafts, remarks and who writes. It changes nothing."""
