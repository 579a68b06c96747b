-- Makes a room with its owner and the entry that says that the owner joined; all its keys end at the deadline.
--
-- ARGV  6 incarnation  7 created  8 deadline (both in milliseconds)  9 seats  10 1 where only the owner may destroy
--       11 identity id  12 name  13 token hash  14 the greatest number of tokens of a seat
-- ->    ok | taken | over: the deadline has passed
if now >= tonumber(ARGV[8]) then
  return answer('over')
end
local present, refusal = living()
if present or refusal == 'foreign' then
  return answer('taken')
end
local room = {
  incarnation = ARGV[6], deadline = ARGV[8], isNew = true, head = '0-0', sequence = 0, first = 1, text = 0,
  taken = 0, owner = ''
}
redis.call('HSET', ROOM, 'format', FORMAT, 'incarnation', ARGV[6], 'created', ARGV[7], 'deadline', ARGV[8],
  'seats', ARGV[9], 'ownerOnly', ARGV[10], 'first', '1')
redis.call('HSET', MEMBERS, 'v', FORMAT)
-- Before anything that may fail: what a script has written stays.
redis.call('PEXPIREAT', ROOM, room.deadline)
redis.call('PEXPIREAT', MEMBERS, room.deadline)
write(room, 'joined', ARGV[11], ARGV[12], nil, '')
takeSeat(room, ARGV[11], ARGV[12], ARGV[13], tonumber(ARGV[14]))
return answer('ok')
