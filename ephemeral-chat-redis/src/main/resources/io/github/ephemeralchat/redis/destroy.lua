-- Removes a room, whether it lives or has expired.
--
-- ARGV  2 incarnation
-- ->    ok: it lived until now
local incarnation = ARGV[2]
local room, refusal = livingRoom(incarnation)
if not room then
  return answer(refusal)
end
redis.call('UNLINK', ROOM, LOG, MEMBERS, IDS)
return answer('ok')
