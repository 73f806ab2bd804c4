"""What a change of policy would have done to past items, and how sure that is. It opens no file and rolls no dice."""
