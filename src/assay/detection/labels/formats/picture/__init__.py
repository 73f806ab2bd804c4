"""Writers of picture containers. They copy every coded pixel byte for byte, and decode none."""
