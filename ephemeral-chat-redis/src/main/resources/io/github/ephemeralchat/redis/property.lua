-- Sets or removes a property.
--
-- ARGV  6 the actor's field  7 the host's name  8 the property's name  9 the greatest number of properties  10 the greatest
--       sum of bytes of names and values  11 its value; left out to remove it
-- ->    ok, what was written | unchanged | not_member | not_permitted | too_many
local field, host, name, max_properties, max_bytes, value =
  ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11]
local room, actor, refusal = roomToSteer(field, host)
if not room then
  return answer(refusal)
end
local properties = propertiesOf(room)
local before = properties[name]
properties[name] = value
local names, bytes = {}, 0
for each, its_value in pairs(properties) do
  names[#names + 1] = each
  bytes = bytes + #each + #its_value
end
if #names > max_properties or bytes > max_bytes then
  return answer('too_many')
end
if before == value then
  return answer('unchanged')
end
reachBodies(room.log)
redis.call('HSET', ROOM, 'properties', table.concat(names, ' '), 'p:' .. name, value or '')
if not value then
  redis.call('HDEL', ROOM, 'p:' .. name)
end
return answer('ok', writeChange(room, 'property', actor, value and name .. '=' .. value or name))
