"""The program as its users run it, against servers that keep count, while everything around it breaks."""
