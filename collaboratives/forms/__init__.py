"""What people type about groups, their meetings and barriers: a file each."""
