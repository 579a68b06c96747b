-- Appends an entry in an actor's name, unless the log has one of that actor's under the same key.
--
-- ARGV  6 the actor's kind: token, id or host  7 its token's hash, its identity's id, or the host's name
--       8 the entry's kind  9 the actor's own key  10 body  11 which rooms it fits: 1 for encrypted ones, 0 for others,
--       empty for both
-- ->    ok, incarnation, 1: stored by this call, what was written | ok, incarnation, 0: by an earlier one, the entry;
--       then, either way, what the log holds | not_member | not_permitted
--       | does_not_fit
local actor_kind, actor_value, kind, key, body, fits = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11]
local room, refusal = roomHash(nil, LOG_FIELDS)
if not room then
  return answer(refusal)
end
local actor = actorOf(room, actor_kind, actor_value)
-- A member that is found has MEMBERS with it, and what is written finds out whether there is a log. The host finds nothing.
if (not actor or actor.isHost) and not hasAllParts() then
  return answer(removeRest())
end
if not actor then
  return answer('not_member')
end
if actor.isReader then
  return answer('not_permitted')
end
if fits ~= '' and fits ~= (room.fields.encrypted or '0') then
  return answer('does_not_fit')
end
local kept = remember(room, actor.id, key)
if kept then
  return answer('ok', room.incarnation, 0, kept, holding(room))
end
local written = write(room, kind, actor.id, actor.name, key, body)
if not written then
  return answer(removeRest())
end
return answer('ok', room.incarnation, 1, written, holding(room))
