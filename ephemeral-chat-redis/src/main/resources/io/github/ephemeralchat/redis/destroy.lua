-- Removes a room, whether it lives or is over.
--
-- ARGV  2 incarnation
-- ->    ok: it lived until now | gone | foreign
local room, refusal = living(ARGV[2])
if refusal ~= 'foreign' and redis.call('HGET', ROOM, 'incarnation') == ARGV[2] then
  redis.call('UNLINK', ROOM, LOG, MEMBERS, IDS)
end
return answer(room and 'ok' or refusal)
