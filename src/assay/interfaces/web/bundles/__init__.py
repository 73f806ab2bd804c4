"""The bundles that decide, decided or were refused, on pages. They release none and put none in use."""
