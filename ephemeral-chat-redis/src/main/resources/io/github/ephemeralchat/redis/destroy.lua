-- Removes a room, whether it lives or is over.
--
-- ARGV  2 incarnation
-- ->    ok: it lived until now | gone | foreign
local room, refusal = living(ARGV[2])
if not room then
  return answer(refusal)
end
redis.call('UNLINK', ROOM, LOG, MEMBERS, IDS)
return answer('ok')
