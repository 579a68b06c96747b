-- Reads the log after a place, after a check that the place is in this history.
--
-- ARGV  2 incarnation  3 the place's sequence  4 its nonce, 0 where it has none  5 the greatest number of entries
--       6 the sum of text bytes after which a page ends
-- ->    ok, continuous | truncated | forked, the newest entry's id, the entries | gone | foreign
local room, refusal = living(ARGV[2])
if not room then
  return answer(refusal)
end
local sequence, verified = tonumber(ARGV[3]), ARGV[4] ~= '0'

local function continuity()
  if sequence > room.sequence then
    return 'forked'
  end
  if sequence >= room.first then
    local id = ARGV[3] .. '-' .. ARGV[4]
    local here = not verified or id == room.head or redis.call('XRANGE', LOG, id, id)[1]
    return here and 'continuous' or 'forked'
  end
  return (sequence == room.first - 1 and not verified) and 'continuous' or 'truncated'
end

local found = continuity()
local from = found == 'continuous' and sequence + 1 or room.first
-- Where there is nothing to read, which is what most checks find, the log is not asked.
local left, text = math.min(tonumber(ARGV[5]), room.sequence - from + 1), tonumber(ARGV[6])
local entries = {}
while left > 0 and text > 0 do
  local some = redis.call('XRANGE', LOG, whole(from), '+', 'COUNT', math.min(left, 32))
  for _, entry in ipairs(some) do
    entries[#entries + 1] = entry
    text = text - #(entry[2][12] or '')
  end
  left = #some < 32 and 0 or left - #some
  from = from + #some
end
return answer('ok', found, room.head, entries)
