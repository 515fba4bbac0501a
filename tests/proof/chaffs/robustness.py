"""What goes wrong with what no honest client sends, and with how a refusal is told."""
