"""What may be written where, and where remarks stand after an edit. It reads no store."""
