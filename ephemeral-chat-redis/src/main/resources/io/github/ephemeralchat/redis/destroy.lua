-- Removes a room, whether it lives or has expired; a living one only in the name of somebody who may.
--
-- ARGV  2 incarnation  3 the actor's field  4 the host's name
-- ->    ok: it lived until now | not_member | not_permitted
local incarnation, field, host = ARGV[2], ARGV[3], ARGV[4]
local room, actor, refusal = roomAndActor(field, host, incarnation)
if not room then
  return answer(refusal)
end
if actor.reads or (room.ownerOnly == '1' and not actor.steers) then
  return answer('not_permitted')
end
redis.call('UNLINK', ROOM, LOG)
return answer('ok')
