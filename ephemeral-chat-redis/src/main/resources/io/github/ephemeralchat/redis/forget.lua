-- Forgets a text. The entry stays.
--
-- ARGV  6 the actor's field  7 the host's name  8 the entry's sequence
-- ->    ok, what was written | unchanged | not_member: the actor | no_message | not_permitted
local field, host, sequence = ARGV[6], ARGV[7], ARGV[8]
local room, actor, refusal = roomAndActor(field, host)
if not room then
  return answer(refusal)
end
local one = pieces(redis.call('HGET', LOG, sequence))
if not one or one.key == '' then
  return answer('no_message')
end
if actor.reads or not (actor.steers or actor.id == one.from) then
  return answer('not_permitted')
end
if one.reason ~= '-' or isOver(one) then
  if goesAt(one) then
    dropBodies(room.log, {sequence})
  end
  -- Nobody finds it by BODIES any more.
  if one.reason == '-' then
    room.log.text = room.log.text - one.bytes
    redis.call('HSET', LOG, sequence, forgotten(one, 'expired'), 'text', room.log.text)
  end
  return answer('unchanged')
end
reachBodies(room.log)
if goesAt(one) then
  redis.call('EXISTS', bodyKey(sequence))
end
-- First what needs no memory: so the rest is done even if Redis has none left.
redis.call('HDEL', LOG, 'c:' .. sequence)
if goesAt(one) then
  dropBodies(room.log, {sequence})
end
room.log.text = room.log.text - one.bytes
redis.call('HSET', LOG, sequence, forgotten(one, 'deleted'), 'text', room.log.text)
return answer('ok', writeChange(room, 'forgotten', actor, sequence .. ' deleted'))
