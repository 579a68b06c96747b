-- Looks a room up, with all its members.
--
-- ->    ok, the newest entry's id, the room, the fields of its seats
local room, refusal = livingRoom()
if not room then
  return answer(refusal)
end
local seats, all = {}, redis.call('HGETALL', ROOM)
for i = 1, #all, 2 do
  local kind = string.sub(all[i], 1, 2)
  if kind == 'i:' or kind == 'o:' then
    seats[#seats + 1] = all[i]
    seats[#seats + 1] = all[i + 1]
  end
end
return answer('ok', room.log.head, roomFields(room), seats)
