-- Looks up whom tokens belong to.
--
-- ARGV  2 token hash, and others
-- ->    ok, the room, the owner's identity id, the newest entry's id, then of each that is a member's: which one it is, from
--       1, the member's identity id, its seat, its profile
local room, refusal = livingRoom()
if not room then
  return answer(refusal)
end
local seats = {}
for i = 2, #ARGV do
  local held = redis.call('HGET', MEMBERS, 't' .. ARGV[i])
  if held then
    local id, seat = holder(held)
    for _, value in ipairs({i - 1, id, seat, profileOf(id)}) do
      seats[#seats + 1] = value
    end
  end
end
return answer('ok', roomFields(room), room.owner, room.head, unpack(seats))
