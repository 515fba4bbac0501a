"""HTTP in, HTTP out: each operation names one service call, and who may ask is one table, in security.py."""
