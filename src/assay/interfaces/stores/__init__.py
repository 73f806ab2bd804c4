"""Record stores: where decision records are kept for good. They never call a record kept that could still be lost."""
