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
-- By the log too, since BODIES may have been evicted. What is not there is not named, see guard.lua.
if room.log.due then
  local sequences = redis.call('ZRANGE', BODIES, 0, -1)
  for sequence = room.log.first, room.log.sequence do
    sequences[#sequences + 1] = sequence
  end
  unlinkBodies(sequences)
  redis.call('UNLINK', BODIES)
end
redis.call('UNLINK', ROOM, LOG)
return answer('ok')
