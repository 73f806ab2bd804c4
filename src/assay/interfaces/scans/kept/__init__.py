"""What a scan keeps: its journal, its finished output, and a cache by content. It believes nothing half-written."""
