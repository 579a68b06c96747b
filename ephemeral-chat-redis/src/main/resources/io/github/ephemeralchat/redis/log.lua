-- How an entry gets into the log, for the scripts that write one.
--
-- ARGV  2 the channel  3 the greatest number of entries  4 the greatest sum of text bytes  5 the new entry's nonce
local channel, max_entries, max_text, nonce = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]

-- Each part with its length before it: whatever somebody wrote cannot end a part.
local function packed(parts)
  local out = {}
  for i, part in ipairs(parts) do
    out[2 * i - 1] = #part .. ':'
    out[2 * i] = part
  end
  return table.concat(out)
end

local function fieldOf(entry, name)
  local fields = entry[2]
  for i = 1, #fields, 2 do
    if fields[i] == name then
      return fields[i + 1]
    end
  end
end

-- What IDS has an entry under; nil where the entry has no key.
local function idField(entry)
  local key = fieldOf(entry, 'key')
  return key and fieldOf(entry, 'from') .. '\0' .. key
end

local function surplus(room)
  return room.sequence - room.first + 1 - max_entries
end

-- The newest entry always stays.
local function isOverLimits(room)
  return surplus(room) > 0 or (room.text > max_text and room.sequence > room.first)
end

local function dropBefore(room, id)
  redis.call('XTRIM', LOG, 'MINID', '=', id)
  redis.call('HSET', ROOM, 'first', whole(room.first))
end

-- Drops the oldest entries, and their keys in IDS, until the log is within its limits. False where the log does not hold
-- what the room's fields say.
local function dropOldest(room)
  while isOverLimits(room) do
    -- Too many is one too many, as a rule; of too much text nobody knows how many entries it is before they are seen.
    local count = surplus(room) > 0 and math.min(surplus(room), 128) or 16
    local entries = redis.call('XRANGE', LOG, whole(room.first), '+', 'COUNT', count)
    if #entries == 0 then
      return false
    end
    for _, entry in ipairs(entries) do
      if not isOverLimits(room) then
        break
      end
      if sequenceOf(entry) ~= room.first then
        return false
      end
      local id = idField(entry)
      if id then
        redis.call('HDEL', IDS, id)
      end
      room.text = room.text - #fieldOf(entry, 'body')
      room.first = room.first + 1
    end
  end
  dropBefore(room, whole(room.first))
  return true
end

-- Finds out what the log holds, after somebody has trimmed it by hand or repaired a file. Its last stretch without a hole
-- is what stays. One pass over the log, so that a script has an end whatever the log is like.
local function recount(room)
  local nextSequence, firstId = 0, nil
  repeat
    local entries = redis.call('XRANGE', LOG, whole(nextSequence), '+', 'COUNT', 128)
    for _, entry in ipairs(entries) do
      local sequence = sequenceOf(entry)
      if sequence ~= nextSequence then
        room.first, room.text, firstId = sequence, 0, entry[1]
        redis.call('UNLINK', IDS)
      end
      room.text = room.text + #fieldOf(entry, 'body')
      local id = idField(entry)
      if id then
        redis.call('HSET', IDS, id, entry[1])
      end
      nextSequence = sequence + 1
    end
  until #entries < 128
  redis.call('PEXPIREAT', IDS, room.deadline)
  dropBefore(room, firstId)
end

local function trim(room)
  if isOverLimits(room) and not dropOldest(room) then
    recount(room)
    dropOldest(room)
  end
end

-- What the log holds now, for an answer: entries and bytes of text, and until when.
local function holding(room)
  return {whole(room.sequence - room.first + 1), whole(room.text), room.deadline}
end

local function nextId(room)
  return whole(room.sequence + 1) .. '-' .. nonce
end

-- The entry that a member has appended under its own key, as long as the log keeps it; nil where the key is free, which
-- then is remembered for the next entry. Nothing is written for a key that is known: where Redis takes no writes, who asks
-- again for what is stored is answered.
local function remember(room, from, key)
  local id = from .. '\0' .. key
  local known = redis.call('HGET', IDS, id)
  local kept = known and redis.call('XRANGE', LOG, known, known)[1]
  if kept then
    return kept
  end
  redis.call('HSET', IDS, id, nextId(room))
  if redis.call('HLEN', IDS) == 1 then
    redis.call('PEXPIREAT', IDS, room.deadline)
  end
end

-- Appends, trims, tells the other nodes. Returns the id of the entry before, and what a caller does not know of the new
-- one: its id, the sender's id and name, the time. Returns nil if the log is not there.
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
  redis.call('PUBLISH', channel, packed(signal))
  return {previous, room.head, from, name, at}
end
