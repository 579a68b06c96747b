-- Moves the room's end: the ends of its keys in one step.
--
-- ARGV  6 the actor's field  7 the host's name  8 the new deadline  9 how much must be left before and after (both in
--       milliseconds)
-- ->    ok, what was written | unchanged | not_member | not_permitted | too_late | out_of_bounds
local field, host, deadline, min_left = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])
local room, actor, refusal = roomToSteer(field, host)
if not room then
  return answer(refusal)
end
local earliest = now + min_left
if tonumber(room.deadline) < earliest then
  return answer('too_late')
end
if tonumber(deadline) < earliest or tonumber(deadline) > tonumber(room.latest) then
  return answer('out_of_bounds')
end
if deadline == room.deadline then
  return answer('unchanged')
end
local ends = livingBodies(room.log)
room.deadline, room.log.deadline = deadline, deadline
-- What Redis may refuse for want of memory comes first: it then has changed nothing.
redis.call('HSET', ROOM, 'deadline', deadline)
redis.call('PEXPIREAT', ROOM, deadline)
redis.call('PEXPIREAT', LOG, deadline)
moveBodies(room.log, ends)
return answer('ok', writeChange(room, 'deadline', actor, deadline))
