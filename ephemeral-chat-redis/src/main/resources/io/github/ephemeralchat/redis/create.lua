-- Makes a room with its owner and the entry that says that the owner joined; its keys end at the deadline.
--
-- ARGV  6 incarnation  7 deadline, in milliseconds  8 the owner's identity id  9 its name  10 its token's hash  11 its
--       profile; empty for none, then names and values of ROOM's other fields
-- ->    ok | taken | expired: the deadline has passed
local incarnation, deadline, id, name, token, profile = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11]
if now >= tonumber(deadline) then
  return answer('expired')
end
local present, refusal = livingRoom()
if present or refusal == 'wrong_format' then
  return answer('taken')
end
local fields = seatFields(1, id, name, token, profile)
for i = 12, #ARGV do
  fields[#fields + 1] = ARGV[i]
end
-- Each key has its end before anything may fail: what a script has written stays.
redis.call(
  'HSET', ROOM, 'format', FORMAT, 'incarnation', incarnation, 'deadline', deadline, 'owner', id, 'taken', 1,
  unpack(fields))
redis.call('PEXPIREAT', ROOM, deadline)
redis.call('HSET', LOG, 'first', 1)
redis.call('PEXPIREAT', LOG, deadline)
-- The deadline may have passed while this runs: what gets an end that has passed is removed.
if redis.call('EXISTS', ROOM, LOG) < 2 then
  redis.call('UNLINK', ROOM, LOG)
  return answer('expired')
end
local log = {head = '0-0', sequence = 0, first = 1, text = 0, deadline = deadline}
write(log, incarnation, 'joined', id, name, '', joinedBody('owner', profile))
return answer('ok')
