-- Makes a room with its owner and the entry that says that the owner joined; its keys end at the deadline.
--
-- ARGV  6 incarnation  7 created  8 deadline  9 latest deadline (all in milliseconds)  10 seats  11 1 if only the owner may
--       destroy it  12 1 if it is locked  13 the proof's hash; empty for none  14 identity id  15 name  16 token hash,
--       then name and value of each property
-- ->    ok | taken | expired: the deadline has passed
local incarnation, created, deadline, latest, seats = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local owner_only, lock, proof = ARGV[11], ARGV[12], ARGV[13]
local identity_id, name, token, first_property = ARGV[14], ARGV[15], ARGV[16], 17
if now >= tonumber(deadline) then
  return answer('expired')
end
local present, refusal = livingRoom()
if present or refusal == 'wrong_format' then
  return answer('taken')
end
local fields = seatFields(1, identity_id, name, token)
local function add(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
add('format', FORMAT)
add('incarnation', incarnation)
add('created', created)
add('deadline', deadline)
add('latest', latest)
add('seats', seats)
add('ownerOnly', owner_only)
add('owner', identity_id)
add('taken', 1)
-- What most rooms do not have takes no place.
if lock == '1' then
  add('locked', lock)
end
if proof ~= '' then
  add('proof', proof)
end
local names = {}
for i = first_property, #ARGV, 2 do
  names[#names + 1] = ARGV[i]
  add('p:' .. ARGV[i], ARGV[i + 1])
end
if #names > 0 then
  add('properties', table.concat(names, ' '))
end
-- Each key has its end before anything may fail: what a script has written stays.
redis.call('HSET', ROOM, unpack(fields))
redis.call('PEXPIREAT', ROOM, deadline)
redis.call('HSET', LOG, 'first', 1)
redis.call('PEXPIREAT', LOG, deadline)
write({head = '0-0', sequence = 0, first = 1, text = 0}, incarnation, 'joined', identity_id, name, '', '')
return answer('ok')
