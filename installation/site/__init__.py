"""What an installation needs that nobody attends: opening hours, projector, event log, alerts, disk budget, service."""
