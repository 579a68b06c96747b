-- Sets or removes a property.
--
-- ARGV  6 the actor's kind: token, id or host  7 its token's hash, its identity's id, or the host's name
--       8 the property's name  9 the greatest number of properties  10 the greatest sum of bytes of names and values
--       11 its value; left out to remove it
-- ->    ok, incarnation, what was written, what the log holds, the entry's body | unchanged
--       | not_member | not_permitted | too_many
local actor_kind, actor_value, name, max_properties, max_bytes, value =
  ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11]
local room, actor, refusal = roomToSteer(actor_kind, actor_value)
if not room then
  return answer(refusal)
end
local properties = propertiesOf(room)
local before = properties[name]
properties[name] = value
local count, bytes = 0, 0
for each, its_value in pairs(properties) do
  count = count + 1
  bytes = bytes + #each + #its_value
end
if count > max_properties or bytes > max_bytes then
  return answer('too_many')
end
if before == value then
  return answer('unchanged')
end
if value then
  redis.call('HSET', ROOM, 'p:' .. name, value)
else
  redis.call('HDEL', ROOM, 'p:' .. name)
end
local body = value and name .. '=' .. value or name
local written = write(room, 'property', actor.id, actor.name, nil, body)
return answer('ok', room.incarnation, written, holding(room), body)
