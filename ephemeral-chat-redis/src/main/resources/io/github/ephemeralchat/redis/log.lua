-- How an entry gets into the log, for the scripts that write one. In LOG are:
--   head, first, text   -> the newest entry's id, <sequence>-<nonce>; the oldest one's sequence; the sum of bytes of text
--   <sequence>          -> the entry: <format> <nonce> <time> <bytes of text>, the sender's id, its name, the kind, the
--                          sender's own key after an equals sign (empty for none), the text; a zero byte before each but
--                          the first. Only the text may hold a zero byte. What bodies.lua knows of it besides comes after
--                          the bytes of text
--   <sender's id>, a zero byte, =<key> -> the sequence of that entry, as long as the log keeps it
--
-- ARGV  2 the channel  3 the greatest number of entries  4 the greatest sum of bytes of text  5 the new entry's nonce
local channel, max_entries, max_text, nonce = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local ENTRY = '^%d+ %d+ %d+ (%d+)(%Z*)%z(%Z*)%z%Z*%z%Z*%z(%Z*)%z'

-- The newest entry always stays.
local function isOverLimits(log)
  return log.sequence - log.first >= max_entries or (log.text > max_text and log.sequence > log.first)
end

-- Drops the oldest entries, and their keys, until the log is within its limits.
local function trim(log)
  -- The oldest entries that go, as far as so many show it, with their keys; and which of them have a life in bodies.lua.
  -- Nil if the log lacks one that it should have.
  local function takeOldest(count)
    local names, gone, bodies = {}, {}, {}
    for sequence = log.first, math.min(log.sequence, log.first + count - 1) do
      names[#names + 1] = sequence
    end
    for _, entry in ipairs(redis.call('HMGET', LOG, unpack(names))) do
      if not isOverLimits(log) then
        break
      end
      local bytes, life, from, key = string.match(entry or '', ENTRY)
      if not bytes then
        return nil
      end
      gone[#gone + 1] = log.first
      gone[#gone + 1] = from .. '\0' .. key
      if life ~= '' then
        bodies[#bodies + 1] = log.first
      end
      log.text = log.text - bytes
      log.first = log.first + 1
    end
    return gone, bodies
  end

  -- Finds out what the log holds, after somebody has removed entries by hand. Its last stretch without a hole is what
  -- stays. One pass over the log, so that a script has an end whatever the log is like.
  local function recount()
    local all, bytes = redis.call('HGETALL', LOG), {}
    for i = 1, #all, 2 do
      bytes[all[i]] = tonumber((string.match(all[i + 1], ENTRY)))
    end
    log.first, log.text = log.sequence + 1, 0
    while bytes[tostring(log.first - 1)] do
      log.first = log.first - 1
      log.text = log.text + bytes[tostring(log.first)]
    end
    local gone, bodies = {}, {}
    for i = 1, #all, 2 do
      local field = all[i]
      local sequence = tonumber(string.find(field, '%z') and all[i + 1] or string.match(field, '^c?:?(%d+)$'))
      if sequence and (sequence < log.first or sequence > log.sequence) then
        gone[#gone + 1] = field
        bodies[#bodies + 1] = tonumber(field) and field or nil
      end
    end
    dropBodies(log, bodies)
    for i = 1, #gone, 1000 do
      redis.call('HDEL', LOG, unpack(gone, i, math.min(i + 999, #gone)))
    end
  end

  while isOverLimits(log) do
    -- Too many is one too many, as a rule; of too much text nobody knows how many entries it is before they are seen.
    local surplus = log.sequence - log.first + 1 - max_entries
    local gone, bodies = takeOldest(surplus > 0 and math.min(surplus, 128) or 16)
    if gone then
      redis.call('HDEL', LOG, unpack(gone))
      dropBodies(log, bodies)
    else
      recount()
    end
  end
  redis.call('HSET', LOG, 'first', log.first, 'text', log.text)
end

-- Appends, trims, tells the other nodes. Returns the entry without its text. A text that has an end or claims (nil: neither)
-- is a key of its own.
local function write(log, incarnation, kind, from, name, key, text, ends, claims)
  if log.due and now >= tonumber(log.due) then
    forgetDue(log, max_text - #text)
  end
  local is_apart = ends or claims
  local previous, sequence = log.head, tostring(log.sequence + 1)
  log.previous, log.head = previous, sequence .. '-' .. nonce
  log.sequence, log.text = log.sequence + 1, log.text + #text
  local front = FORMAT .. ' ' .. nonce .. ' ' .. now .. ' ' .. #text
    .. (is_apart and ' ' .. (ends or '-') .. ' ' .. (claims or '-') .. ' -' or '')
    .. '\0' .. from .. '\0' .. name .. '\0' .. kind .. '\0' .. key .. '\0'
  local entry = is_apart and front or front .. text
  if isOverLimits(log) then
    reachBodies(log)
  end
  if is_apart then
    keepBody(log, sequence, text, ends or FAR)
  end
  -- One command: no file has a half of it.
  if key == '' then
    redis.call('HSET', LOG, sequence, entry, 'head', log.head, 'text', log.text)
  else
    redis.call('HSET', LOG, sequence, entry, 'head', log.head, 'text', log.text, from .. '\0' .. key, sequence)
  end
  if isOverLimits(log) then
    trim(log)
  end
  -- SPUBLISH where signals go over sharded pub/sub.
  redis.call('PUBLISH', channel, FORMAT .. ' E ' .. incarnation .. ' ' .. log.head .. ' ' .. previous .. '\0' .. front
    .. (claims and '' or text))
  return front
end

-- For an answer: the room's incarnation and end, what the log holds, entries and bytes of text, and an entry of it.
local function appended(log, incarnation, deadline, previous, sequence, entry)
  return incarnation, deadline, log.sequence - log.first + 1, log.text, previous, sequence, entry
end

-- Appends what an actor has changed. Returns what is answered of it.
local function writeChange(room, kind, actor, text)
  local log = room.log
  local entry = write(log, room.incarnation, kind, actor.id, actor.name, '', text) .. text
  return appended(log, room.incarnation, room.deadline, log.previous, log.sequence, entry)
end
