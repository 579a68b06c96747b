-- Frees a seat: its tokens are dead, and the log says so.
--
-- ARGV  6 the actor's kind: token, id or host  7 its token's hash, its identity's id, or the host's name
--       8 the identity id of the seat; empty for the actor's own
-- ->    ok, incarnation, what was written, what the log holds, the entry's body | unchanged: nobody has that seat
--       | not_member: the actor | not_permitted
local actor_kind, actor_value, identity_id = ARGV[6], ARGV[7], ARGV[8]
local room, actor, refusal = roomAndActor(actor_kind, actor_value)
if not room then
  return answer(refusal)
end
if identity_id == '' then
  identity_id = actor.id
end
if identity_id ~= actor.id and not actor.steers then
  return answer('not_permitted')
end
local seat = redis.call('HGET', MEMBERS, 'i' .. identity_id)
if not seat then
  return answer('unchanged')
end
-- First what needs no memory: so the rest is done even if Redis has none left.
freeSeat(room, identity_id)
local written = write(room, 'left', identity_id, nameOf(seat), nil, '')
return answer('ok', room.incarnation, written, holding(room), '')
