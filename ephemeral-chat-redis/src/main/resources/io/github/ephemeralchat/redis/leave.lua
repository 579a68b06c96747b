-- Frees a seat: its tokens are dead, and the log says so.
--
-- ARGV  6 incarnation  7 identity id
-- ->    ok, what was written, what the log holds | not_member: no such seat
local incarnation, identity_id = ARGV[6], ARGV[7]
local room, refusal = livingRoom(incarnation)
if not room then
  return answer(refusal)
end
local seat = redis.call('HGET', MEMBERS, 'i' .. identity_id)
if not seat then
  return answer('not_member')
end
local written = write(room, 'left', identity_id, string.match(seat, '^%d+ (.*)$'), nil, '')
freeSeat(room, identity_id)
return answer('ok', written, holding(room))
