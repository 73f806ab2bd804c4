"""Every kind of fault a pack can have, one module each, with a page and a golden text of the same name."""
