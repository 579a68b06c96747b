-- Changes who may take a new seat, and ends the row of wrong proofs.
--
-- ARGV  6 the actor's kind: token, id or host  7 its token's hash, its identity's id, or the host's name
--       8 whether the room is locked: 1, 0, or keep  9 the proof: its hash, keep, or empty for none
-- ->    ok, incarnation, what was written, what the log holds, the entry's body | unchanged
--       | not_member | not_permitted | proof_needed
local actor_kind, actor_value, lock, proof = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local room, actor, refusal = roomToSteer(actor_kind, actor_value)
if not room then
  return answer(refusal)
end
if proof == '' and isEncrypted(room) then
  return answer('proof_needed')
end
local replaces = proof ~= 'keep' and proof ~= ''
lock = lock == 'keep' and digit(isLocked(room)) or lock
proof = proof == 'keep' and (proofOf(room) or '') or proof
local body = lock .. digit(proof ~= '')
if not replaces and body == digit(isLocked(room)) .. digit(proofOf(room)) then
  endRow(room)
  return answer('unchanged')
end
redis.call('HSET', ROOM, 'locked', lock, 'proof', proof)
endRow(room)
local written = write(room, 'admission', actor.id, actor.name, nil, body)
return answer('ok', room.incarnation, written, holding(room), body)
