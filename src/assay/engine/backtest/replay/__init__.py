"""History decided again by two versions of a policy. It opens no file."""
