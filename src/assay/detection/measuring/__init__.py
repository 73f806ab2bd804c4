"""How well a detector tells AI from the rest, on files whose truth is known. It never changes a detector."""
