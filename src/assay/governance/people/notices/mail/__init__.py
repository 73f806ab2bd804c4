"""Mail: an outbox, what is written, how it is sent. No content of items and no secret but one-time links is in it."""
