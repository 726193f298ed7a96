"""`policy-monitor rules`: trying and explaining rules, and saving them under names."""

from monitor.cli.rules import saved, trial

__all__ = ["saved", "trial"]
