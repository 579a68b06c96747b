-- In whose name a script changes a room. A script is given the field of ROOM that says who: t:<token hash>,
-- i:<identity id>, or host, who has no seat; and the host's name.

-- The actor, of what is in its field; nil if it is neither the host nor a member.
local function actorOf(field, host, held)
  if field == 'host' then
    return {id = 'host', name = host, isHost = true}
  end
  if not held then
    return nil
  end
  if string.sub(field, 1, 2) == 'i:' then
    held = string.sub(field, 3) .. '\0' .. held
  end
  local id, r, name = string.match(held, '^(%Z*)%z%d+(r?) (.*)$')
  return {id = id, name = name, reads = r == 'r'}
end
