-- Looks up whom a token belongs to.
--
-- ARGV  2 token hash
-- ->    ok, the room, the owner's identity id, the newest entry's id, the member's identity id, its seat | not_member
local token_hash = ARGV[2]
local room, refusal = livingRoom()
if not room then
  return answer(refusal)
end
local held = redis.call('HGET', MEMBERS, 't' .. token_hash)
if not held then
  return answer('not_member')
end
return answer('ok', roomFields(room), room.owner, room.head, holder(held))
