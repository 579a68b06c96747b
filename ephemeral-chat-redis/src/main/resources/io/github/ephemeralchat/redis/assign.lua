-- Gives a seat another role.
--
-- ARGV  6 the actor's kind: token, id or host  7 its token's hash, its identity's id, or the host's name
--       8 the identity id of the seat  9 the role: owner, member or reader
-- ->    ok, incarnation, what was written, what the log holds, the entry's body | unchanged
--       | not_member: the actor | not_permitted | no_such_seat | role_of_owner: it changes by naming another owner
local actor_kind, actor_value, identity_id, role = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local room, actor, refusal = roomToSteer(actor_kind, actor_value)
if not room then
  return answer(refusal)
end
local seat = redis.call('HGET', MEMBERS, 'i' .. identity_id)
if not seat then
  return answer('no_such_seat')
end
local is_owner = identity_id == room.owner
if role == (is_owner and 'owner' or isReader(seat) and 'reader' or 'member') then
  return answer('unchanged')
end
if is_owner then
  return answer('role_of_owner')
end
if role == 'owner' then
  setOwner(room, identity_id, seat)
else
  setReader(identity_id, seat, role == 'reader')
end
local body = role .. '\n' .. identity_id .. '\n' .. nameOf(seat)
local written = write(room, 'role', actor.id, actor.name, nil, body)
return answer('ok', room.incarnation, written, holding(room), body)
