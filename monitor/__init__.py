"""policy-monitor: reads Chinese health-policy notices and digests, and alerts each subscriber once."""

__version__ = "0.1.0"
