-- Reads the log after a place, after a check that the place is in this history.
--
-- ARGV  2 incarnation  3 the place's sequence  4 its nonce, 0 where it has none  5 the greatest number of entries
--       6 the sum of text bytes after which a page ends
-- ->    ok, continuous | truncated | forked, the newest entry's id, the entries
local incarnation, after, after_nonce, max_entries, max_text =
  ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local room, refusal = livingRoom(incarnation, LOG_FIELDS)
if not room then
  return answer(refusal)
end
local sequence, verified = tonumber(after), after_nonce ~= '0'

local function continuity()
  if sequence > room.sequence then
    return 'forked'
  end
  if sequence >= room.first then
    local id = after .. '-' .. after_nonce
    if not verified or id == room.head then
      return 'continuous'
    end
    local entry = redis.call('XRANGE', LOG, after, after)[1]
    -- A log that was trimmed by hand lacks entries that the room's fields count.
    return not entry and 'truncated' or entry[1] == id and 'continuous' or 'forked'
  end
  return (sequence == room.first - 1 and not verified) and 'continuous' or 'truncated'
end

local found = continuity()
local from = found == 'continuous' and sequence + 1 or room.first
-- Where there is nothing to read, which is what most checks find, the log is not asked.
local left, text = math.min(max_entries, room.sequence - from + 1), max_text
local entries = {}
while left > 0 and text > 0 do
  local some = redis.call('XRANGE', LOG, whole(from), '+', 'COUNT', math.min(left, 32))
  local start = some[1] and sequenceOf(some[1])
  if start ~= from then
    -- Entries are missing: the page ends before them, or says so.
    if #entries > 0 then
      break
    end
    found = found == 'continuous' and 'truncated' or found
    from = start or from
  end
  for _, entry in ipairs(some) do
    entries[#entries + 1] = entry
    text = text - #(entry[2][12] or '')
  end
  left = #some < 32 and 0 or left - #some
  from = from + #some
end
return answer('ok', found, room.head, entries)
