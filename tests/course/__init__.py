"""What the course text itself asks, and no more: whatever it is silent about, every sensible answer passes."""
