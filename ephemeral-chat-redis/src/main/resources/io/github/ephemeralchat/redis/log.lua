-- How an entry gets into the log, for the scripts that write one.
--
-- ARGV  2 the channel  3 the greatest number of entries  4 the greatest sum of text bytes  5 the new entry's nonce

-- Each part with its length before it: whatever somebody wrote cannot end a part.
local function packed(parts)
  local out = {}
  for i, part in ipairs(parts) do
    out[2 * i - 1] = #part .. ':'
    out[2 * i] = part
  end
  return table.concat(out)
end

local function field(fields, name)
  for i = 1, #fields, 2 do
    if fields[i] == name then
      return fields[i + 1]
    end
  end
end

-- Drops the oldest entries until the log is within its limits, and what they said in IDS. The newest always stays.
local function trim(room)
  local entries, text = tonumber(ARGV[3]), tonumber(ARGV[4])
  local function over()
    local kept = room.sequence - room.first + 1
    return kept > entries or (room.text > text and kept > 1)
  end
  while over() do
    -- Too many is one too many, as a rule; of too much text nobody knows how many entries it is before they are seen.
    local surplus = room.sequence - room.first + 1 - entries
    local some = surplus > 0 and math.min(surplus, 16) or 16
    for _, entry in ipairs(redis.call('XRANGE', LOG, '-', '+', 'COUNT', some)) do
      if over() then
        local key = field(entry[2], 'key')
        if key then
          redis.call('HDEL', IDS, field(entry[2], 'from') .. '\0' .. key)
        end
        room.text = room.text - #field(entry[2], 'body')
        room.first = room.first + 1
      end
    end
    redis.call('XTRIM', LOG, 'MINID', '=', whole(room.first))
    redis.call('HSET', ROOM, 'first', whole(room.first))
  end
end

local function nextId(room)
  return whole(room.sequence + 1) .. '-' .. ARGV[5]
end

-- The entry that a member has appended under its own key, as long as the log keeps it; nil where the key is free, which
-- then is remembered for the next entry. Nothing is written for a key that is known: where Redis takes no writes, who asks
-- again for what is stored is answered.
local function remember(room, from, key)
  local field = from .. '\0' .. key
  local known = redis.call('HGET', IDS, field)
  local kept = known and redis.call('XRANGE', LOG, known, known)[1]
  if kept then
    return kept
  end
  redis.call('HSET', IDS, field, nextId(room))
  if redis.call('HLEN', IDS) == 1 then
    redis.call('PEXPIREAT', IDS, room.deadline)
  end
end

-- Appends, trims, tells the other nodes. Returns the id of the entry before, and what a caller does not know of the new
-- one: its id, the sender's id and name, the time. Returns nil where the log is not there.
local function write(room, kind, from, name, key, body)
  local previous, at = room.head, whole(now)
  room.head = nextId(room)
  room.sequence = room.sequence + 1
  local fields = {'v', FORMAT, 'kind', kind, 'from', from, 'name', name, 'at', at, 'body', body}
  local signal = {FORMAT, 'E', room.incarnation, room.head, previous, kind, from, name, at, body}
  if key then
    fields[#fields + 1] = 'key'
    fields[#fields + 1] = key
    signal[#signal + 1] = key
  end
  -- Only a new room begins a log: one that is missing was evicted.
  local added
  if room.isNew then
    added = redis.call('XADD', LOG, room.head, unpack(fields))
    redis.call('PEXPIREAT', LOG, room.deadline)
  else
    added = redis.call('XADD', LOG, 'NOMKSTREAM', room.head, unpack(fields))
  end
  if not added then
    return nil
  end
  room.text = room.text + #body
  trim(room)
  redis.call('HSET', ROOM, 'head', room.head, 'text', whole(room.text))
  redis.call('PUBLISH', ARGV[2], packed(signal))
  return {previous, room.head, from, name, at}
end
