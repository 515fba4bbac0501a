"""What proves the marker: wheats, which are right and earn everything, and chaffs, each wrong in one known way."""
