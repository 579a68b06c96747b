-- Hands out a text that has claims: to each member once, and again for a while.
--
-- ARGV  6 the actor's field  7 the host's name  8 the entry's sequence  9 how long a claim may be repeated, in milliseconds
-- ->    ok, the entry without its text, the text, then, if it was claimed by this call, what was written
--       | not_member: the actor | no_message | not_permitted | forgotten
local field, host, sequence, repeats = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])
local room, actor, refusal = roomAndActor(field, host)
if not room then
  return answer(refusal)
end
local log = room.log
local entry, claimed = unpack(redis.call('HMGET', LOG, sequence, 'c:' .. sequence))
local one = pieces(entry)
if not one or one.key == '' then
  return answer('no_message')
end
if actor.reads or actor.id == one.from then
  return answer('not_permitted')
end
if one.claims == '-' then
  return answer('no_message')
end
claimed = claimed or ''
local own = nil
for id, at in string.gmatch(claimed, '(%Z*)%z(%d+)%z') do
  own = id == actor.id and tonumber(at) or own
end
local may = own and now < own + repeats or not own and one.reason == '-'
local goes = goesAt(one)
local text = may and goes and now < tonumber(goes) and not isOver(one) and redis.call('GET', bodyKey(sequence))
if not text then
  return answer('forgotten')
end
if own then
  return answer('ok', whole(one), text)
end
reachBodies(log)
local left = one.claims - 1
one.claims = tostring(left)
if left == 0 then
  log.text = log.text - one.bytes
  goes = earlier(tostring(now + repeats), goes)
  forgotten(one, 'claimed')
  one.claims = goes
end
redis.call(
  'HSET', LOG, sequence, whole(one), 'text', log.text, 'c:' .. sequence, claimed .. actor.id .. '\0' .. now .. '\0')
if left == 0 then
  redis.call('PEXPIREAT', bodyKey(sequence), earlier(goes, room.deadline))
  note(log, sequence, goes)
  return answer('ok', whole(one), text, writeChange(room, 'forgotten', actor, sequence .. ' claimed'))
end
return answer('ok', whole(one), text, writeChange(room, 'claimed', actor, sequence .. ' ' .. left))
