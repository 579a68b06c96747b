-- Makes a room with its owner and the entry that says that the owner joined; all its keys end at the deadline.
--
-- ARGV  6 incarnation  7 created  8 deadline (both in milliseconds)  9 seats  10 1 where only the owner may destroy
--       11 identity id  12 name  13 token hash  14 the greatest number of tokens of a seat
-- ->    ok | taken | expired: the deadline has passed
local incarnation, created, deadline, seats, owner_only = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local identity_id, name, token_hash, max_tokens = ARGV[11], ARGV[12], ARGV[13], tonumber(ARGV[14])
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
redis.call('HSET', ROOM, 'format', FORMAT, 'incarnation', incarnation, 'created', created, 'deadline', deadline,
  'seats', seats, 'ownerOnly', owner_only, 'first', '1')
redis.call('HSET', MEMBERS, 'v', FORMAT)
-- Before anything that may fail: what a script has written stays.
redis.call('PEXPIREAT', ROOM, deadline)
redis.call('PEXPIREAT', MEMBERS, deadline)
write(room, 'joined', identity_id, name, nil, '')
takeSeat(room, identity_id, name, token_hash, max_tokens)
return answer('ok')
