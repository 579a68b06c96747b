-- Head of every script: names, the time, and the one check that nothing passes by: does the room live?
--
-- KEYS  1 the room (hash)  2 its log (stream)  3 its members (hash)  4 what members have appended (hash)
-- ARGV  1 the microsecond of Redis's time after which the caller no longer waits: then nothing is done any more
--
-- Every answer begins with a status and Redis's time in microseconds.
local ROOM, LOG, MEMBERS, IDS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local FORMAT = '1'
local clock = redis.call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local now = math.floor(micros / 1000)

local function answer(status, ...)
  return {status, micros, ...}
end

-- Lua would write great numbers with an exponent.
local function whole(number)
  return string.format('%.0f', number)
end

-- The living room, or nil and why it cannot be used. Of a room that is over, or has lost a part by eviction, nothing
-- stays: Redis itself may take a while, and removes each key for itself.
local function living(incarnation)
  local f = redis.call('HMGET', ROOM, 'format', 'incarnation', 'created', 'deadline', 'seats', 'ownerOnly',
    'head', 'first', 'text', 'taken', 'owner')
  if f[1] and f[1] ~= FORMAT then
    return nil, 'foreign'
  end
  if not f[1] or now >= tonumber(f[4]) or redis.call('EXISTS', LOG, MEMBERS) < 2 then
    -- Only where there is something: a script that has written once is no longer refused for want of memory.
    if redis.call('EXISTS', ROOM, LOG, MEMBERS, IDS) > 0 then
      redis.call('UNLINK', ROOM, LOG, MEMBERS, IDS)
    end
    return nil, 'gone'
  end
  if incarnation and incarnation ~= f[2] then
    return nil, 'gone'
  end
  return {
    incarnation = f[2], created = f[3], deadline = f[4], seats = f[5], ownerOnly = f[6],
    head = f[7], sequence = tonumber(string.match(f[7], '^%d+')), first = tonumber(f[8]), text = tonumber(f[9]),
    taken = tonumber(f[10]), owner = f[11]
  }
end

-- What never changes of a room, for an answer.
local function about(room)
  return {room.incarnation, room.created, room.deadline, room.seats, room.ownerOnly}
end

if micros > tonumber(ARGV[1]) then
  return answer('late')
end
