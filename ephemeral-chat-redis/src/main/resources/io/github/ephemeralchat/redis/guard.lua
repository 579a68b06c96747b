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

-- The fields that a post or a page needs; all others read the whole hash.
local LOG_FIELDS = {'format', 'incarnation', 'deadline', 'head', 'first', 'text', 'encrypted'}

-- The fields of the room's hash: those with these names, or all.
local function fieldsOf(names)
  local fields = {}
  if names then
    for i, value in ipairs(redis.call('HMGET', ROOM, unpack(names))) do
      fields[names[i]] = value
    end
  else
    local all = redis.call('HGETALL', ROOM)
    for i = 1, #all, 2 do
      fields[all[i]] = all[i + 1]
    end
  end
  return fields
end

-- The room, or nil and the status to answer; for scripts that see by themselves whether its other parts are there.
local function roomHash(incarnation, names)
  local f = fieldsOf(names)
  if f.format and f.format ~= FORMAT then
    return nil, 'wrong_format'
  end
  if not f.format or now >= tonumber(f.deadline) then
    return nil, removeRest()
  end
  if incarnation and incarnation ~= f.incarnation then
    return nil, 'not_found'
  end
  return {
    incarnation = f.incarnation, deadline = f.deadline, head = f.head,
    sequence = tonumber(string.match(f.head, '^%d+')), first = tonumber(f.first), text = tonumber(f.text),
    -- What a post or a page does not read is nil from here on.
    taken = tonumber(f.taken), owner = f.owner, fields = f
  }
end

-- The room with all its parts, or nil and the status to answer.
local function livingRoom(incarnation, names)
  local room, refusal = roomHash(incarnation, names)
  if room and not hasAllParts() then
    return nil, removeRest()
  end
  return room, refusal
end

-- Whose a token is, of what MEMBERS has under it: the identity's id, and its seat.
local function holder(held)
  return string.match(held, '^(.*)%z(.*)$')
end

-- What its client says of itself; empty if it says nothing.
local function profileOf(id)
  return redis.call('HGET', MEMBERS, 'o' .. id) or ''
end

local function isReader(seat)
  return string.match(seat, '^%d+r ') ~= nil
end

local function nameOf(seat)
  return string.match(seat, '^%d+r? (.*)$')
end

local function sequenceOf(entry)
  return tonumber(string.match(entry[1], '^%d+'))
end

if micros > deadline_micros then
  return answer('late')
end
