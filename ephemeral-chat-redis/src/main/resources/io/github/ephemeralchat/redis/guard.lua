-- Start of every script: names, the time, and the one check that no script passes by: does the room live?
--
-- KEYS  1 the room (hash)  2 its log (stream)  3 its members (hash)  4 what members have appended (hash)
-- ARGV  1 the microsecond of Redis's time after which the caller no longer waits: then nothing is done any more
--
-- Every answer begins with a status and Redis's time in microseconds. Three statuses may come from any script:
-- late, wrong_format, and not_found: there is no such room any more.
local ROOM, LOG, MEMBERS, IDS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local deadline_micros = tonumber(ARGV[1])
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

-- Removes what is left of a room that has expired, or has lost a part by eviction. Redis itself may take a while, and
-- removes each key for itself.
local function removeRest()
  -- Only where there is something: a script that has written once is no longer refused for want of memory.
  if redis.call('EXISTS', ROOM, LOG, MEMBERS, IDS) > 0 then
    redis.call('UNLINK', ROOM, LOG, MEMBERS, IDS)
  end
  return 'not_found'
end

local function hasAllParts()
  return redis.call('EXISTS', LOG, MEMBERS) == 2
end

-- The room, or nil and the status to answer; for scripts that see by themselves whether its other parts are there.
local function roomHash(incarnation)
  local f = redis.call('HMGET', ROOM, 'format', 'incarnation', 'created', 'deadline', 'seats', 'ownerOnly',
    'head', 'first', 'text', 'taken', 'owner')
  if f[1] and f[1] ~= FORMAT then
    return nil, 'wrong_format'
  end
  if not f[1] or now >= tonumber(f[4]) then
    return nil, removeRest()
  end
  if incarnation and incarnation ~= f[2] then
    return nil, 'not_found'
  end
  return {
    incarnation = f[2], created = f[3], deadline = f[4], seats = f[5], ownerOnly = f[6],
    head = f[7], sequence = tonumber(string.match(f[7], '^%d+')), first = tonumber(f[8]), text = tonumber(f[9]),
    taken = tonumber(f[10]), owner = f[11]
  }
end

-- The room with all its parts, or nil and the status to answer.
local function livingRoom(incarnation)
  local room, refusal = roomHash(incarnation)
  if room and not hasAllParts() then
    return nil, removeRest()
  end
  return room, refusal
end

-- Whose a token is, of what MEMBERS has under it: the identity's id, and its seat.
local function holder(held)
  return string.match(held, '^(.*)%z(.*)$')
end

-- What never changes of a room, for an answer.
local function roomFields(room)
  return {room.incarnation, room.created, room.deadline, room.seats, room.ownerOnly}
end

local function sequenceOf(entry)
  return tonumber(string.match(entry[1], '^%d+'))
end

if micros > deadline_micros then
  return answer('late')
end
