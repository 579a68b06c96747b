-- Looks up whom tokens belong to.
--
-- ARGV  2 token hash, and others
-- ->    ok, the newest entry's id, the room, then of each that is a member's: which one it is, from 1, the member's identity
--       id, its seat, its profile
local room, refusal = livingRoom()
if not room then
  return answer(refusal)
end
local tokens, found = {}, {}
for i = 2, #ARGV do
  tokens[#tokens + 1] = 't:' .. ARGV[i]
end
for i, held in ipairs(redis.call('HMGET', ROOM, unpack(tokens))) do
  if held then
    local id, seat = holder(held)
    for _, value in ipairs({i, id, seat, profileOf(room, id)}) do
      found[#found + 1] = value
    end
  end
end
return answer('ok', room.log.head, roomFields(room), unpack(found))
