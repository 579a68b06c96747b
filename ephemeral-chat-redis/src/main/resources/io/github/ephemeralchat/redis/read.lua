-- Reads the log after a place, after a check that the place is in this history.
--
-- ARGV  2 incarnation  3 the place's sequence  4 its nonce, 0 where it has none  5 the greatest number of entries
--       6 the sum of bytes after which a page ends
-- ->    ok, continuous | truncated | forked, the newest entry's id, the sequence of the first entry, the entries
local incarnation, after, after_nonce, max_entries, max_bytes =
  ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local format, present, deadline = unpack(redis.call('HMGET', ROOM, 'format', 'incarnation', 'deadline'))
local refusal = refusalOf(format, deadline)
if refusal or present ~= incarnation then
  return answer(refusal or 'not_found')
end
local log = logWith(after, deadline)
if not log then
  return answer(removeRest())
end
-- Nobody may post any more. Where Redis refuses to write, a page is answered all the same.
if log.due and now >= tonumber(log.due) then
  pcall(forgetDue, log, -1)
end
local sequence, verified = tonumber(after), after_nonce ~= '0'

local function continuity()
  if sequence > log.sequence then
    return 'forked'
  end
  if sequence >= log.first then
    if not verified or after .. '-' .. after_nonce == log.head then
      return 'continuous'
    end
    -- A log from which somebody has removed entries by hand lacks some that it counts.
    local nonce = log.value and string.match(log.value, '^%d+ (%d+) ')
    return not nonce and 'truncated' or nonce == after_nonce and 'continuous' or 'forked'
  end
  return (sequence == log.first - 1 and not verified) and 'continuous' or 'truncated'
end

local found = continuity()
local start = found == 'continuous' and sequence + 1 or log.first
local first, at, bytes, entries = start, start, max_bytes, {}

-- Takes an entry, or notes that somebody has removed it. Whether the page goes on.
local function add(entry)
  if entry then
    entries[#entries + 1] = entry
    -- The second: of a text that is not in the entry.
    bytes = bytes - #entry - (tonumber(string.match(entry, '^%d+ %d+ %d+ (%d+) ')) or 0)
    return #entries < max_entries
  end
  if #entries > 0 then
    return false
  end
  first = first + 1
  found = found == 'continuous' and 'truncated' or found
  return true
end

local goes_on = true
while goes_on and at <= log.sequence and bytes > 0 do
  local names, count = {}, first == start and math.min(max_entries - #entries, 32) or 32
  for each = at, math.min(log.sequence, at + count - 1) do
    names[#names + 1] = each
  end
  for _, entry in ipairs(redis.call('HMGET', LOG, unpack(names))) do
    goes_on = goes_on and add(entry)
  end
  at = at + count
end
return answer('ok', found, log.head, first, unpack(shown(first, entries)))
