-- Takes a seat, or adds a token to the seat that this identity has already.
--
-- ARGV  6 identity id  7 name  8 token hash  9 the greatest number of tokens of a seat
-- ->    ok, the room, the owner's identity id, the newest entry's id, the member's seat, then, where the seat is new, what was written
--       | full | gone | foreign
local room, refusal = living()
if not room then
  return answer(refusal)
end
local id = ARGV[6]
local seat = redis.call('HGET', MEMBERS, 'i' .. id)
if seat then
  addToken(id, seat, ARGV[8], tonumber(ARGV[9]))
  return answer('ok', about(room), room.owner, room.head, seat)
end
if room.taken >= tonumber(room.seats) then
  return answer('full')
end
local written = write(room, 'joined', id, ARGV[7], nil, '')
seat = takeSeat(room, id, ARGV[7], ARGV[8], tonumber(ARGV[9]))
return answer('ok', about(room), room.owner, room.head, seat, written)
