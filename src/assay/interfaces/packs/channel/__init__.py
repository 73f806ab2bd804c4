"""Release channels: which bundles should decide, signed, in a folder or behind an address. They decide nothing."""
