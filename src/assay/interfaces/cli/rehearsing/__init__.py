"""Commands that rehearse a change on history, and that hand a pack to other engines. They count nothing themselves."""
