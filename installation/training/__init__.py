"""Making what comes with Laterna: Banks. Nothing in here runs during a show."""
