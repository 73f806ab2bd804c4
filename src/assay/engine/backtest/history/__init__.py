"""Past items as rows: how they are laid out, read and checked. It opens no file."""
