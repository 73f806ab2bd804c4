"""Commands that are about a pack: read it, check it, explain it. None of them looks at an item."""
