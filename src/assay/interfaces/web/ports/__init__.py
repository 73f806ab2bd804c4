"""What fills the ports of governance: channels, the pack in force, a workshop. It decides nothing itself."""
