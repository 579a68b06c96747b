-- Appends an entry in the name of the token's member, unless the log has one of that member under the same key.
--
-- ARGV  6 token hash  7 kind  8 the member's own key  9 body
-- ->    ok, incarnation, 1: stored by this call, what was written | ok, incarnation, 0: by an earlier one, the entry;
--       then, either way, what the log holds | not_member
local token_hash, kind, key, body = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local room, refusal = roomHash()
if not room then
  return answer(refusal)
end
local held = redis.call('HGET', MEMBERS, 't' .. token_hash)
if not held then
  return answer(hasAllParts() and 'not_member' or removeRest())
end
local from, seat = holder(held)
local kept = remember(room, from, key)
if kept then
  return answer('ok', room.incarnation, 0, kept, holding(room))
end
local written = write(room, kind, from, string.match(seat, '^%d+ (.*)$'), key, body)
if not written then
  return answer(removeRest())
end
return answer('ok', room.incarnation, 1, written, holding(room))
