"""Level 0: errors, messages, parameters, clock, frame ring, mailbox, pipe, worker shell, and OS support."""
