-- How an entry gets into the log, for the scripts that write one.
--
-- ARGV  2 the channel  3 the greatest number of entries  4 the greatest sum of text bytes  5 the new entry's nonce

-- Each part with its length before it: whatever somebody wrote cannot end a part.
local function packed(parts)
  local out = {}
  for i, part in ipairs(parts) do
    out[i] = #part .. ':' .. part
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
    for _, entry in ipairs(redis.call('XRANGE', LOG, '-', '+', 'COUNT', 16)) do
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
  end
end

-- Remembers that a member has appended something under its own key.
local function remember(room, from, key, id)
  redis.call('HSET', IDS, from .. '\0' .. key, id)
  if redis.call('HLEN', IDS) == 1 then
    redis.call('PEXPIREAT', IDS, room.deadline)
  end
end

-- Appends, trims, tells the other nodes. Returns the id of the entry before, and the entry as XRANGE shows it.
local function write(room, kind, from, name, key, body)
  local previous = room.head
  local at = whole(now)
  room.sequence = room.sequence + 1
  room.head = whole(room.sequence) .. '-' .. ARGV[5]
  local fields = {'v', FORMAT, 'kind', kind, 'from', from, 'name', name, 'at', at, 'body', body}
  local signal = {FORMAT, 'E', room.incarnation, room.head, previous, kind, from, name, at, body}
  if key then
    fields[#fields + 1] = 'key'
    fields[#fields + 1] = key
    signal[#signal + 1] = key
  end
  redis.call('XADD', LOG, room.head, unpack(fields))
  room.text = room.text + #body
  if key then
    remember(room, from, key, room.head)
  end
  trim(room)
  redis.call('HSET', ROOM, 'head', room.head, 'first', whole(room.first), 'text', whole(room.text))
  redis.call('PUBLISH', ARGV[2], packed(signal))
  return previous, {room.head, fields}
end
