"""Level 0: errors, messages, parameters, clock, frame ring, mailbox and what differs between operating systems."""
