-- In whose name a script changes a room, and what that one may.

-- The actor of a kind (token, id or host) and a value (its token's hash, its identity's id, the host's name); nil if it
-- is neither the host, who has no seat, nor a member.
local function actorOf(room, kind, value)
  if kind == 'host' then
    return {id = 'host', name = value, isHost = true, steers = true}
  end
  local id, seat = value, nil
  if kind == 'token' then
    local held = redis.call('HGET', MEMBERS, 't' .. value)
    if held then
      id, seat = holder(held)
    end
  else
    seat = redis.call('HGET', MEMBERS, 'i' .. value)
  end
  return seat and {id = id, name = nameOf(seat), isReader = isReader(seat), steers = id == room.owner} or nil
end

-- The living room and its actor, or nil, nil and the status to answer.
local function roomAndActor(kind, value, incarnation)
  local room, refusal = livingRoom(incarnation)
  if not room then
    return nil, nil, refusal
  end
  local actor = actorOf(room, kind, value)
  if not actor then
    return nil, nil, 'not_member'
  end
  return room, actor
end

-- The same, of an actor who may steer the room: the owner or the host.
local function roomToSteer(kind, value)
  local room, actor, refusal = roomAndActor(kind, value)
  if actor and not actor.steers then
    return nil, nil, 'not_permitted'
  end
  return room, actor, refusal
end
