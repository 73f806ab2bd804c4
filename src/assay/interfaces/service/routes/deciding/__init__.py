"""The two routes that are hurried: one item, and many. They never answer what is not kept."""
