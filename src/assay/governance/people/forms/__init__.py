"""What people type on the pages of this room, read into the room's own types. Whether it may be done, commands say."""
