-- Seats. In ROOM are, for each member:
--   i:<identity id> -> its seat: <sequence of the entry that says so>, "r" if it is a reader, a space, <name>
--   k:<identity id> -> the hashes of its tokens, 64 hexadecimal digits each, the newest last
--   o:<identity id> -> its profile, if it has one
--   t:<token hash>  -> <identity id>, a zero byte, its seat as above: all that a post has to know
-- Neither ids nor names hold a zero byte. Who is the owner says the field owner.
local HASH = 64

-- Whose a token is, of what its field has: the identity's id, and its seat.
local function holder(held)
  return string.match(held, '^(%Z*)%z(.*)$')
end

local function isReader(seat)
  return string.match(seat, '^%d+r ') ~= nil
end

local function nameOf(seat)
  return string.match(seat, '^%d+r? (.*)$')
end

-- A seat, and fields and values of the tokens given, all of which are the seat's.
local function tokenFields(id, seat, tokens)
  local fields = {'i:' .. id, seat, 'k:' .. id, tokens}
  for at = 1, #tokens, HASH do
    fields[#fields + 1] = 't:' .. string.sub(tokens, at, at + HASH - 1)
    fields[#fields + 1] = id .. '\0' .. seat
  end
  return fields
end

-- What its client says of itself; empty if it says nothing, as all do in a room that is not encrypted.
local function profileOf(room, id)
  return isEncrypted(room) and redis.call('HGET', ROOM, 'o:' .. id) or ''
end

-- Fields and values of a new seat.
local function seatFields(joined, id, name, token, profile)
  local fields = tokenFields(id, joined .. ' ' .. name, token)
  if profile ~= '' then
    fields[#fields + 1] = 'o:' .. id
    fields[#fields + 1] = profile
  end
  return fields
end

-- The body of the entry that says that somebody took a seat.
local function joinedBody(role, profile)
  return profile == '' and role or role .. '\n' .. profile
end

local function tokensOf(id)
  return redis.call('HGET', ROOM, 'k:' .. id) or ''
end

-- Makes a token valid that is nobody's; the oldest of the seat dies if there are too many.
local function addToken(id, seat, token, most)
  local tokens = tokensOf(id) .. token
  local dead = string.sub(tokens, 1, -1 - most * HASH)
  tokens = string.sub(tokens, #dead + 1)
  redis.call('HSET', ROOM, unpack(tokenFields(id, seat, tokens)))
  for at = 1, #dead, HASH do
    redis.call('HDEL', ROOM, 't:' .. string.sub(dead, at, at + HASH - 1))
  end
end

-- Makes a seat a reader's, or no longer one. One command for all places that have the seat: no file has a half of it.
local function setReader(id, seat, reads)
  local sequence, name = string.match(seat, '^(%d+)r? (.*)$')
  redis.call('HSET', ROOM, unpack(tokenFields(id, sequence .. (reads and 'r ' or ' ') .. name, tokensOf(id))))
end

-- Gives a seat to whom the next entry tells of.
local function takeSeat(room, id, name, token, profile)
  local fields = seatFields(room.log.sequence + 1, id, name, token, profile)
  fields[#fields + 1] = 'taken'
  fields[#fields + 1] = room.taken + 1
  if room.owner == '' then
    room.owner = id
    fields[#fields + 1] = 'owner'
    fields[#fields + 1] = id
  end
  redis.call('HSET', ROOM, unpack(fields))
  return fields[2]
end

-- Makes a member the owner, who is no reader from now on; the former owner is a member.
local function setOwner(id, seat)
  redis.call('HSET', ROOM, 'owner', id)
  if isReader(seat) then
    setReader(id, seat, false)
  end
end

-- Who becomes the owner: of those present who joined first and is no reader, else who joined first. Id and seat; nil if
-- nobody is present.
local function heir()
  local fields = redis.call('HGETALL', ROOM)
  local first, firstReads, id, heirSeat = nil, nil, nil, nil
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'i:' then
      local seat = fields[i + 1]
      local joined, reads = tonumber(string.match(seat, '^%d+')), isReader(seat)
      if not id or (firstReads and not reads) or (firstReads == reads and joined < first) then
        first, firstReads, id, heirSeat = joined, reads, string.sub(fields[i], 3), seat
      end
    end
  end
  return id, heirSeat
end

local function freeSeat(room, id)
  local fields, tokens = {'i:' .. id, 'k:' .. id, 'o:' .. id}, tokensOf(id)
  for at = 1, #tokens, HASH do
    fields[#fields + 1] = 't:' .. string.sub(tokens, at, at + HASH - 1)
  end
  redis.call('HDEL', ROOM, unpack(fields))
  redis.call('HSET', ROOM, 'taken', room.taken - 1)
  if room.owner ~= id then
    return
  end
  local next_owner, seat = heir()
  if next_owner then
    setOwner(next_owner, seat)
  else
    redis.call('HSET', ROOM, 'owner', '')
  end
end
