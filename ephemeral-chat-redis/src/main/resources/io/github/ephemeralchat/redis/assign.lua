-- Gives a seat another role.
--
-- ARGV  6 the actor's field  7 the host's name  8 the identity id of the seat  9 the role: owner, member or reader
-- ->    ok, what was written | unchanged | not_member: the actor | not_permitted | no_such_seat
--       | role_of_owner: it changes by naming another owner
local field, host, identity_id, role = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local room, actor, refusal = roomToSteer(field, host)
if not room then
  return answer(refusal)
end
local seat = redis.call('HGET', ROOM, 'i:' .. identity_id)
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
reachBodies(room.log)
if role == 'owner' then
  setOwner(identity_id, seat)
else
  setReader(identity_id, seat, role == 'reader')
end
return answer('ok', writeChange(room, 'role', actor, role .. '\n' .. identity_id .. '\n' .. nameOf(seat)))
