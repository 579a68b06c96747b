-- Frees a seat: its tokens are dead, and the log says so.
--
-- ARGV  6 incarnation  7 identity id
-- ->    ok, what was written | stranger: no such seat | gone | foreign
local room, refusal = living(ARGV[6])
if not room then
  return answer(refusal)
end
local seat = redis.call('HGET', MEMBERS, 'i' .. ARGV[7])
if not seat then
  return answer('stranger')
end
local written = write(room, 'left', ARGV[7], string.match(seat, '^%d+ (.*)$'), nil, '')
freeSeat(room, ARGV[7])
return answer('ok', written)
