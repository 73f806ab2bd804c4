"""Other engines under the same policy. A module here is named like the package that it drives."""
