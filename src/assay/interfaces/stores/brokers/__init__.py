"""Records into a stream: durable when the broker says so. They never say so before it does."""
