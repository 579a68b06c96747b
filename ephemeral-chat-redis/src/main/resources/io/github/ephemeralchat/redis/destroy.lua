-- Removes a room, whether it lives or has expired; a living one only in the name of somebody who may.
--
-- ARGV  2 incarnation  3 the actor's kind: token, id or host  4 its token's hash, its identity's id, or the host's name
-- ->    ok: it lived until now | not_member | not_permitted
local incarnation, actor_kind, actor_value = ARGV[2], ARGV[3], ARGV[4]
local room, actor, refusal = roomAndActor(actor_kind, actor_value, incarnation)
if not room then
  return answer(refusal)
end
if actor.isReader or (room.fields.ownerOnly == '1' and not actor.steers) then
  return answer('not_permitted')
end
redis.call('UNLINK', ROOM, LOG, MEMBERS, IDS)
return answer('ok')
