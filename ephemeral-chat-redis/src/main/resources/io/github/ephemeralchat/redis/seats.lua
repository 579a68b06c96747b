-- Seats, for the scripts that give, change or free one. In MEMBERS are, for each member:
--   i<identity id> -> its seat: <sequence of the entry that says so>, "r" if it is a reader, a space, <name>
--   k<identity id> -> the hashes of its tokens, 64 hexadecimal digits each, the newest last
--   o<identity id> -> its profile, if it has one
--   t<token hash>  -> <identity id>, a zero byte, its seat as above: all that a post has to know
-- and one field "v" with the format, which keeps the hash, and with it its expiry, when the last member leaves. Who is
-- the owner says the room's hash.
local HASH = 64

local function tokensOf(id)
  return redis.call('HGET', MEMBERS, 'k' .. id) or ''
end

-- Makes a token valid that is nobody's; the oldest of the seat dies if there are too many.
local function addToken(id, seat, token, most)
  local tokens = tokensOf(id) .. token
  while #tokens > most * HASH do
    redis.call('HDEL', MEMBERS, 't' .. string.sub(tokens, 1, HASH))
    tokens = string.sub(tokens, HASH + 1)
  end
  redis.call('HSET', MEMBERS, 'k' .. id, tokens, 't' .. token, id .. '\0' .. seat)
end

-- Makes a seat a reader's, or no longer one. One command for all places that have the seat: no file has a half of it.
local function setReader(id, seat, reads)
  local sequence, name = string.match(seat, '^(%d+)r? (.*)$')
  local changed = sequence .. (reads and 'r ' or ' ') .. name
  local fields, tokens = {'i' .. id, changed}, tokensOf(id)
  for at = 1, #tokens, HASH do
    fields[#fields + 1] = 't' .. string.sub(tokens, at, at + HASH - 1)
    fields[#fields + 1] = id .. '\0' .. changed
  end
  redis.call('HSET', MEMBERS, unpack(fields))
end

-- The body of the entry that says that somebody took a seat.
local function joinedBody(role, profile)
  return profile == '' and role or role .. '\n' .. profile
end

local function takeSeat(room, id, name, token, most, profile)
  local seat = whole(room.sequence) .. ' ' .. name
  redis.call('HSET', MEMBERS, 'i' .. id, seat)
  if profile ~= '' then
    redis.call('HSET', MEMBERS, 'o' .. id, profile)
  end
  addToken(id, seat, token, most)
  room.taken = room.taken + 1
  if room.owner == '' then
    room.owner = id
  end
  redis.call('HSET', ROOM, 'taken', room.taken, 'owner', room.owner)
  return seat
end

-- Makes a member the owner, who is no reader from now on; the former owner is a member.
local function setOwner(room, id, seat)
  room.owner = id
  redis.call('HSET', ROOM, 'owner', id)
  if isReader(seat) then
    setReader(id, seat, false)
  end
end

-- Who becomes the owner: of those present who joined first and is no reader, else who joined first. Id and seat; nil if
-- nobody is present.
local function heir()
  local fields = redis.call('HGETALL', MEMBERS)
  local first, firstReads, id, heirSeat = nil, nil, nil, nil
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 1) == 'i' then
      local seat = fields[i + 1]
      local joined, reads = tonumber(string.match(seat, '^%d+')), isReader(seat)
      if not id or (firstReads and not reads) or (firstReads == reads and joined < first) then
        first, firstReads, id, heirSeat = joined, reads, string.sub(fields[i], 2), seat
      end
    end
  end
  return id, heirSeat
end

local function freeSeat(room, id)
  local fields, tokens = {'i' .. id, 'k' .. id, 'o' .. id}, tokensOf(id)
  for at = 1, #tokens, HASH do
    fields[#fields + 1] = 't' .. string.sub(tokens, at, at + HASH - 1)
  end
  redis.call('HDEL', MEMBERS, unpack(fields))
  room.taken = room.taken - 1
  redis.call('HSET', ROOM, 'taken', room.taken)
  if room.owner ~= id then
    return
  end
  local next_owner, seat = heir()
  if next_owner then
    setOwner(room, next_owner, seat)
  else
    redis.call('HSET', ROOM, 'owner', '')
  end
end
