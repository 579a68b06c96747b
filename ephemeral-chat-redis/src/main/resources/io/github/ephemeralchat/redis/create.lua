-- Makes a room with its owner and the entry that says that the owner joined; all its keys end at the deadline.
--
-- ARGV  6 incarnation  7 created  8 deadline  9 latest deadline (all in milliseconds)  10 seats  11 1 if only the owner may
--       destroy it  12 1 if it is locked  13 the proof's hash; empty for none  14 identity id  15 name  16 token hash
--       17 the greatest number of tokens of a seat  18 the owner's profile; empty for none  19 1 if texts are opaque
--       20 how long a message lives, in milliseconds; empty for the room's life  21 1 for typing  22 1 for presence, then
--       name and value of each property
-- ->    ok | taken | expired: the deadline has passed
local incarnation, created, deadline, latest, seats = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local owner_only, lock, proof = ARGV[11], ARGV[12], ARGV[13]
local identity_id, name, token_hash, max_tokens, first_property = ARGV[14], ARGV[15], ARGV[16], tonumber(ARGV[17]), 23
local profile, encrypted, message_ttl, typing, presence = ARGV[18], ARGV[19], ARGV[20], ARGV[21], ARGV[22]
if now >= tonumber(deadline) then
  return answer('expired')
end
local present, refusal = livingRoom()
if present or refusal == 'wrong_format' then
  return answer('taken')
end
local room = {
  incarnation = incarnation, deadline = deadline, isNew = true, head = '0-0', sequence = 0, first = 1, text = 0,
  taken = 0, owner = ''
}
local fields = {
  'format', FORMAT, 'incarnation', incarnation, 'created', created, 'deadline', deadline, 'latest', latest,
  'seats', seats, 'ownerOnly', owner_only, 'first', '1'
}
local function add(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
-- What most rooms do not have takes no place.
local rare = {
  {'locked', lock, '0'}, {'proof', proof, ''}, {'encrypted', encrypted, '0'}, {'messageTtl', message_ttl, ''},
  {'typing', typing, '0'}, {'presence', presence, '0'}
}
for _, each in ipairs(rare) do
  if each[2] ~= each[3] then
    add(each[1], each[2])
  end
end
for i = first_property, #ARGV, 2 do
  add('p:' .. ARGV[i], ARGV[i + 1])
end
redis.call('HSET', ROOM, unpack(fields))
redis.call('HSET', MEMBERS, 'v', FORMAT)
-- Before anything that may fail: what a script has written stays.
redis.call('PEXPIREAT', ROOM, deadline)
redis.call('PEXPIREAT', MEMBERS, deadline)
write(room, 'joined', identity_id, name, nil, joinedBody('owner', profile))
takeSeat(room, identity_id, name, token_hash, max_tokens, profile)
return answer('ok')
