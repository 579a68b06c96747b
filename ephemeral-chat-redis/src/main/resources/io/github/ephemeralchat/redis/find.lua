-- Looks a room up, with all its members.
--
-- ->    ok, the room, the newest entry's id, the owner's identity id, the fields of MEMBERS
local room, refusal = livingRoom()
if not room then
  return answer(refusal)
end
return answer('ok', roomFields(room), room.head, room.owner, redis.call('HGETALL', MEMBERS))
