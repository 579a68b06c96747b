-- Appends an entry in an actor's name, unless the log has one of that actor's under the same key.
--
-- ARGV  6 the actor's field  7 the host's name  8 the entry's kind  9 = and the actor's own key  10 text
--       11 which rooms it fits: 1 for encrypted ones, 0 for others, empty for both
-- ->    ok, incarnation, deadline, entries of the log, its bytes of text, then
--         stored by this call: the id of the entry before, sequence, entry without its text
--         stored by an earlier one: nothing, sequence, entry
--       | not_member | not_permitted | does_not_fit
local field, host, kind, key, text, fits = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11]
local format, incarnation, deadline, encrypted, held =
  unpack(redis.call('HMGET', ROOM, 'format', 'incarnation', 'deadline', 'encrypted', field))
local refusal = refusalOf(format, deadline)
if refusal then
  return answer(refusal)
end
local actor = actorOf(field, host, held)
local log = logWith(actor and actor.id .. '\0' .. key or 'head')
if not log then
  return answer(removeRest())
end
if not actor then
  return answer('not_member')
end
if actor.reads then
  return answer('not_permitted')
end
if fits ~= '' and fits ~= (encrypted or '0') then
  return answer('does_not_fit')
end
-- Nothing is written for a key that is known: where Redis takes no writes, who asks again for what is stored is answered.
local kept = log.value and redis.call('HGET', LOG, log.value)
if kept then
  return answer('ok', appended(log, incarnation, deadline, '', tonumber(log.value), kept))
end
local entry = write(log, incarnation, kind, actor.id, actor.name, key, text)
return answer('ok', appended(log, incarnation, deadline, log.previous, log.sequence, entry))
