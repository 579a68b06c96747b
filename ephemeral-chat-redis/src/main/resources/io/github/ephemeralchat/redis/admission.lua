-- Changes who may take a new seat, and ends the row of wrong proofs.
--
-- ARGV  6 the actor's field  7 the host's name  8 whether the room is locked: 1, 0, or keep  9 the proof: its hash, keep, or
--       empty for none
-- ->    ok, what was written | unchanged | not_member | not_permitted | proof_needed
local field, host, lock, proof = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local room, actor, refusal = roomToSteer(field, host)
if not room then
  return answer(refusal)
end
if proof == '' and isEncrypted(room) then
  return answer('proof_needed')
end
local replaces = proof ~= 'keep' and proof ~= ''
lock = lock == 'keep' and digit(isLocked(room)) or lock
proof = proof == 'keep' and (room.proof or '') or proof
local body = lock .. digit(proof ~= '')
if not replaces and body == digit(isLocked(room)) .. digit(room.proof) then
  endRow(room)
  return answer('unchanged')
end
reachBodies(room.log)
redis.call('HSET', ROOM, 'locked', lock, 'proof', proof)
if proof == '' then
  redis.call('HDEL', ROOM, 'proof')
end
endRow(room)
return answer('ok', writeChange(room, 'admission', actor, body))
