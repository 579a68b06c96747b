-- Moves the room's end: the ends of all its keys in one step.
--
-- ARGV  6 the actor's kind: token, id or host  7 its token's hash, its identity's id, or the host's name
--       8 the new deadline  9 how much must be left before and after (both in milliseconds)
-- ->    ok, incarnation, what was written, what the log holds, the entry's body | unchanged
--       | not_member | not_permitted | too_late | out_of_bounds
local actor_kind, actor_value, deadline, min_left = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])
local room, actor, refusal = roomToSteer(actor_kind, actor_value)
if not room then
  return answer(refusal)
end
local earliest = now + min_left
if tonumber(room.deadline) < earliest then
  return answer('too_late')
end
if tonumber(deadline) < earliest or tonumber(deadline) > tonumber(room.fields.latest) then
  return answer('out_of_bounds')
end
if deadline == room.deadline then
  return answer('unchanged')
end
room.deadline = deadline
-- What Redis may refuse for want of memory comes first: it then has changed nothing.
redis.call('HSET', ROOM, 'deadline', deadline)
for _, key in ipairs({ROOM, LOG, MEMBERS, IDS}) do
  redis.call('PEXPIREAT', key, deadline)
end
local written = write(room, 'deadline', actor.id, actor.name, nil, deadline)
return answer('ok', room.incarnation, written, holding(room), deadline)
