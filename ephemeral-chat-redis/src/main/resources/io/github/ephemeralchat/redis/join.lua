-- Takes a seat, or adds a token to the seat that this identity has already.
--
-- ARGV  6 identity id  7 name  8 token hash  9 the greatest number of tokens of a seat
-- ->    ok, the room, the owner's identity id, the newest entry's id, the member's seat, then, where the seat is new, what
--       was written and what the log holds
--       | full
local identity_id, name, token_hash, max_tokens = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])
local room, refusal = livingRoom()
if not room then
  return answer(refusal)
end
local seat = redis.call('HGET', MEMBERS, 'i' .. identity_id)
if seat then
  addToken(identity_id, seat, token_hash, max_tokens)
  return answer('ok', roomFields(room), room.owner, room.head, seat)
end
if room.taken >= tonumber(room.seats) then
  return answer('full')
end
local written = write(room, 'joined', identity_id, name, nil, '')
seat = takeSeat(room, identity_id, name, token_hash, max_tokens)
return answer('ok', roomFields(room), room.owner, room.head, seat, written, holding(room))
