"""What a teacher says of the point itself: moved, renamed, another head teacher, shut for a while. Staff decide."""
