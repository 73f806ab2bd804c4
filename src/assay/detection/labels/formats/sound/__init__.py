"""Writers of sound and film containers. They copy every sample byte for byte, and decode none."""
