"""What every room shares: who acts, what may be done, lists, exports, what a room adds to home. It knows no room."""
