"""Streams: items in from a broker, decisions out. It never acknowledges what is not kept."""
