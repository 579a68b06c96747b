-- Looks up whom a token belongs to.
--
-- ARGV  2 token hash
-- ->    ok, the room, the owner's identity id, the newest entry's id, the member's identity id, its seat | stranger | gone | foreign
local room, refusal = living()
if not room then
  return answer(refusal)
end
local held = redis.call('HGET', MEMBERS, 't' .. ARGV[2])
if not held then
  return answer('stranger')
end
return answer('ok', about(room), room.owner, room.head, holder(held))
