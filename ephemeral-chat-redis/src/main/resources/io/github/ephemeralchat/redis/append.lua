-- Appends an entry in the name of the token's member, unless the log has one of that member under the same key.
--
-- ARGV  6 token hash  7 kind  8 the member's own key  9 body
-- ->    ok, incarnation, 1 or 0: stored by this call, the id of the entry before, the entry | stranger | gone | foreign
local room, refusal = living()
if not room then
  return answer(refusal)
end
local from = redis.call('HGET', MEMBERS, 't' .. ARGV[6])
if not from then
  return answer('stranger')
end
local known = redis.call('HGET', IDS, from .. '\0' .. ARGV[8])
local kept = known and redis.call('XRANGE', LOG, known, known)[1]
if kept then
  return answer('ok', room.incarnation, 0, '0-0', kept)
end
local name = string.match(redis.call('HGET', MEMBERS, 'i' .. from), '^%d+ (.*)$')
local previous, entry = write(room, ARGV[7], from, name, ARGV[8], ARGV[9])
return answer('ok', room.incarnation, 1, previous, entry)
