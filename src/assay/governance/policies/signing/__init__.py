"""Who signs a change off, on which conditions, who dissents, who stops it. It publishes nothing."""
