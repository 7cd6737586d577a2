"""From bytes to a scan, a signal or a sequence: the only place that decodes files."""
