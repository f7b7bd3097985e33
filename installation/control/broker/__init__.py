"""Words of many visitors through a durable broker: Redis or Valkey. Needs the extra `broker`."""
