-- Appends an entry in the name of the token's member, unless the log has one of that member under the same key.
--
-- ARGV  6 token hash  7 kind  8 the member's own key  9 body
-- ->    ok, incarnation, 1: stored by this call, what was written | ok, incarnation, 0: by an earlier one, the entry
--       | stranger | gone | foreign
local room, refusal = head()
if not room then
  return answer(refusal)
end
local held = redis.call('HGET', MEMBERS, 't' .. ARGV[6])
if not held then
  return answer(hasAllParts() and 'stranger' or gone())
end
local from, seat = holder(held)
local kept = remember(room, from, ARGV[8])
if kept then
  return answer('ok', room.incarnation, 0, kept)
end
local written = write(room, ARGV[7], from, string.match(seat, '^%d+ (.*)$'), ARGV[8], ARGV[9])
if not written then
  return answer(gone())
end
return answer('ok', room.incarnation, 1, written)
