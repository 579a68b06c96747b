-- Looks up whom a token belongs to.
--
-- ARGV  2 token hash
-- ->    ok, the newest entry's id, the room, the member's identity id, its seat | not_member
local room, refusal = livingRoom()
if not room then
  return answer(refusal)
end
local held = redis.call('HGET', ROOM, 't:' .. ARGV[2])
if not held then
  return answer('not_member')
end
return answer('ok', room.log.head, roomFields(room), holder(held))
