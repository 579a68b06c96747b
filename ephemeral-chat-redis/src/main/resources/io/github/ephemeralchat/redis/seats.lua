-- Seats, for the scripts that give or free one. In MEMBERS are, for each member:
--   i<identity id> -> <sequence of the entry that says so> <name>
--   k<identity id> -> the hashes of its tokens, 64 hexadecimal digits each, the newest last
--   t<token hash>  -> <identity id>, a zero byte, its seat as above: all that a post has to know
-- and one field "v" with the format, which keeps the hash, and with it its expiry, when the last member leaves.
local HASH = 64

-- Makes a token valid; the oldest of the seat dies where there are too many.
local function addToken(id, seat, token, most)
  local held = redis.call('HGET', MEMBERS, 't' .. token)
  if held then
    local other = holder(held)
    local others = redis.call('HGET', MEMBERS, 'k' .. other)
    redis.call('HSET', MEMBERS, 'k' .. other, (string.gsub(others, token, '')))
  end
  local tokens = (redis.call('HGET', MEMBERS, 'k' .. id) or '') .. token
  while #tokens > most * HASH do
    redis.call('HDEL', MEMBERS, 't' .. string.sub(tokens, 1, HASH))
    tokens = string.sub(tokens, HASH + 1)
  end
  redis.call('HSET', MEMBERS, 'k' .. id, tokens, 't' .. token, id .. '\0' .. seat)
end

local function takeSeat(room, id, name, token, most)
  local seat = whole(room.sequence) .. ' ' .. name
  redis.call('HSET', MEMBERS, 'i' .. id, seat)
  addToken(id, seat, token, most)
  room.taken = room.taken + 1
  if room.owner == '' then
    room.owner = id
  end
  redis.call('HSET', ROOM, 'taken', room.taken, 'owner', room.owner)
  return seat
end

-- Who joined first of those present; an empty string where nobody is.
local function eldest()
  local fields = redis.call('HGETALL', MEMBERS)
  local first, id = math.huge, ''
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 1) == 'i' then
      local joined = tonumber(string.match(fields[i + 1], '^%d+'))
      if joined < first then
        first, id = joined, string.sub(fields[i], 2)
      end
    end
  end
  return id
end

local function freeSeat(room, id)
  local tokens = redis.call('HGET', MEMBERS, 'k' .. id)
  for at = 1, #tokens, HASH do
    redis.call('HDEL', MEMBERS, 't' .. string.sub(tokens, at, at + HASH - 1))
  end
  redis.call('HDEL', MEMBERS, 'i' .. id, 'k' .. id)
  room.taken = room.taken - 1
  if room.owner == id then
    room.owner = eldest()
  end
  redis.call('HSET', ROOM, 'taken', room.taken, 'owner', room.owner)
end
