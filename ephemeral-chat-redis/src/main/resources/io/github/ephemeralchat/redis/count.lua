-- Adds to a count that all nodes share, and that ends by itself.
--
-- KEYS  1 the count
-- ARGV  1 how many more  2 how long the count lives from now on, in milliseconds
-- ->    the count
local key, more, life = KEYS[1], ARGV[1], ARGV[2]
local count = redis.call('INCRBY', key, more)
redis.call('PEXPIRE', key, life)
return {count}
