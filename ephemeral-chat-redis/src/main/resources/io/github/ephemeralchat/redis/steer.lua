-- For the scripts that change a room other than by a post.

-- The living room and its actor, or nil, nil and the status to answer.
local function roomAndActor(field, host, incarnation)
  local room, refusal = livingRoom(incarnation)
  if not room then
    return nil, nil, refusal
  end
  local actor = actorOf(field, host, redis.call('HGET', ROOM, field))
  if not actor then
    return nil, nil, 'not_member'
  end
  actor.steers = actor.isHost or actor.id == room.owner
  return room, actor
end

-- The same, of an actor who may steer the room: the owner or the host.
local function roomToSteer(field, host)
  local room, actor, refusal = roomAndActor(field, host)
  if actor and not actor.steers then
    return nil, nil, 'not_permitted'
  end
  return room, actor, refusal
end
