-- Start of every script about a room: its keys, the time, and whether the room lives.
--
-- KEYS  1 the room (hash): its rules, its seats and their tokens  2 its log (hash): entries by sequence, and where it is
-- ARGV  1 the microsecond of Redis's time after which the caller no longer waits: then nothing is done any more
--
-- Every answer begins with a status and Redis's time in microseconds. Three statuses may come from any script:
-- late, wrong_format, and not_found: there is no such room any more.
-- Lua writes numbers of up to 14 digits as they are: sequences, bytes and milliseconds are no longer.
local ROOM, LOG = KEYS[1], KEYS[2]
-- Which bodies are keys of their own (sorted set, see bodies.lua). Neither it nor those are among KEYS: while a cluster moves a
-- slot it refuses whoever names a key that is not there, and most rooms have none.
local BODIES = ROOM .. ':bodies'
local FORMAT = '1'
local clock = redis.call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local now = math.floor(micros / 1000)
if micros > tonumber(ARGV[1]) then
  return {'late', micros}
end

local function answer(status, ...)
  return {status, micros, ...}
end

-- Where the body of an entry is that does not lie in the log: in the room's slot, as all its keys.
local function bodyKey(sequence)
  return ROOM .. ':b:' .. sequence
end

-- Calls redis.call or redis.pcall with a command of bodies. Whether none of them was refused.
local function callBodies(call, command, sequences)
  local all = true
  for i = 1, #sequences, 1000 do
    local keys = {}
    for each = i, math.min(i + 999, #sequences) do
      keys[#keys + 1] = bodyKey(sequences[each])
    end
    all = type(call(command, unpack(keys))) == 'number' and all
  end
  return all
end

-- Removes bodies.
local function unlinkBodies(sequences)
  callBodies(redis.call, 'UNLINK', sequences)
end

-- Removes what is left of a room that has expired, or has lost a part by eviction. Redis itself may take hours, and
-- removes each key for itself. BODIES outlives the others by a while, so that it is still there.
local function removeRest()
  -- Only where there is something: a script that has written once is no longer refused for want of memory.
  if redis.call('EXISTS', ROOM, LOG, BODIES) > 0 then
    unlinkBodies(redis.call('ZRANGE', BODIES, 0, -1))
    redis.call('UNLINK', ROOM, LOG, BODIES)
  end
  return 'not_found'
end

-- Why there is no living room, by what ROOM says; nil if there is one.
local function refusalOf(format, deadline)
  if format and format ~= FORMAT then
    return 'wrong_format'
  end
  if not format or now >= tonumber(deadline) then
    return removeRest()
  end
end

-- Where the log is, with one more of its fields; nil if it was evicted: then the room is over.
local function logWith(field, deadline)
  local head, first, text, due, value = unpack(redis.call('HMGET', LOG, 'head', 'first', 'text', 'due', field))
  return head and {
    head = head, sequence = tonumber(string.match(head, '^%d+')), first = tonumber(first), text = tonumber(text),
    due = due, deadline = deadline, value = value
  }
end
