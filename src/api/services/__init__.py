"""The decisions: plain functions that take `Rows` to read or `Work` to change something, and know nothing of HTTP."""
