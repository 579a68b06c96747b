-- Frees a seat: its tokens are dead, and the log says so.
--
-- ARGV  6 the actor's field  7 the host's name  8 the identity id of the seat; empty for the actor's own
-- ->    ok, what was written | unchanged: nobody has that seat | not_member: the actor | not_permitted
local field, host, identity_id = ARGV[6], ARGV[7], ARGV[8]
local room, actor, refusal = roomAndActor(field, host)
if not room then
  return answer(refusal)
end
if identity_id == '' then
  identity_id = actor.id
end
if identity_id ~= actor.id and not actor.steers then
  return answer('not_permitted')
end
local seat = redis.call('HGET', ROOM, 'i:' .. identity_id)
if not seat then
  return answer('unchanged')
end
reachBodies(room.log)
-- First what needs no memory: so the rest is done even if Redis has none left.
freeSeat(room, identity_id)
return answer('ok', writeChange(room, 'left', {id = identity_id, name = nameOf(seat)}, ''))
