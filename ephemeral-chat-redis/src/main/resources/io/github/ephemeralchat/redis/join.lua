-- Takes a seat, or finds the one that the token or the identity has already.
--
-- ARGV  6 identity id  7 name  8 token hash  9 the greatest number of tokens of a seat  10 1 if the host names the identity
--       11 the hash of the proof; empty if none is brought  12 1 if lock and proof are passed  13 how many wrong proofs in
--       a row are free  14 the name that an encrypted room shows  15 its profile; empty for none
-- ->    ok, the newest entry's id, the room, the member's identity id, its seat, its profile, then, if the seat is new, what
--       was written
--       | not_permitted: the token is another's | no_profile: none belongs here | locked, 1 if the room is encrypted
--       | waiting, for how many milliseconds | wrong_proof, 1 if the room is encrypted | full
local identity_id, name, token, max_tokens = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])
local is_named, proof, is_admitted, free_wrong_proofs = ARGV[10] == '1', ARGV[11], ARGV[12] == '1', tonumber(ARGV[13])
local handle, profile = ARGV[14], ARGV[15]
local room, refusal = livingRoom()
if not room then
  return answer(refusal)
end
local held, seat = unpack(redis.call('HMGET', ROOM, 't:' .. token, 'i:' .. identity_id))
if held then
  local id, its_seat = holder(held)
  if is_named and id ~= identity_id then
    return answer('not_permitted')
  end
  return answer('ok', room.log.head, roomFields(room), id, its_seat, profileOf(room, id))
end
if seat then
  addToken(identity_id, seat, token, max_tokens)
  return answer('ok', room.log.head, roomFields(room), identity_id, seat, profileOf(room, identity_id))
end
if profile ~= '' and not isEncrypted(room) then
  return answer('no_profile')
end
if isEncrypted(room) then
  name = handle
end
local is_judged = not is_admitted and room.proof
if not is_admitted and isLocked(room) then
  return answer('locked', digit(isEncrypted(room)))
end
if is_judged then
  if waiting(room) > 0 then
    return answer('waiting', waiting(room))
  end
  if proof ~= room.proof then
    -- The proof of an encrypted room cannot be guessed.
    if proof ~= '' and not isEncrypted(room) then
      countWrong(room, free_wrong_proofs)
    end
    return answer('wrong_proof', digit(isEncrypted(room)))
  end
end
if tonumber(room.taken) >= tonumber(room.seats) then
  if is_judged then
    endRow(room)
  end
  return answer('full')
end
local role = room.owner == '' and 'owner' or 'member'
reachBodies(room.log)
seat = takeSeat(room, identity_id, name, token, profile)
-- Not before: what frees memory would let Redis write although it has none left.
if is_judged then
  endRow(room)
end
local change = {writeChange(room, 'joined', {id = identity_id, name = name}, joinedBody(role, profile))}
return answer('ok', room.log.head, roomFields(room), identity_id, seat, profile, unpack(change))
