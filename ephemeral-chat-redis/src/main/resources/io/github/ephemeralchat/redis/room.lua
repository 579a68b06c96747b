-- What ROOM says beside the seats, for all scripts but those for a post and a page.
local RULES = {
  'format', 'incarnation', 'deadline', 'created', 'latest', 'seats', 'ownerOnly', 'owner', 'taken', 'locked', 'proof',
  'encrypted', 'messageTtl', 'typing', 'presence', 'wrong', 'waitUntil', 'properties'
}
-- Of these an answer has those that the room has.
local ANSWERED = {
  'incarnation', 'deadline', 'created', 'latest', 'seats', 'ownerOnly', 'owner', 'locked', 'encrypted', 'messageTtl',
  'typing', 'presence'
}

-- The room, with its log and what it has of RULES; or nil and the status to answer.
local function livingRoom(incarnation)
  local room = {}
  for i, value in ipairs(redis.call('HMGET', ROOM, unpack(RULES))) do
    room[RULES[i]] = value or nil
  end
  local refusal = refusalOf(room.format, room.deadline)
  if refusal then
    return nil, refusal
  end
  if incarnation and incarnation ~= room.incarnation then
    return nil, 'not_found'
  end
  room.log = logWith('head')
  if not room.log then
    return nil, removeRest()
  end
  return room
end

local function isLocked(room)
  return room.locked == '1'
end

-- Whether texts and profiles are opaque.
local function isEncrypted(room)
  return room.encrypted == '1'
end

local function digit(flag)
  return flag and '1' or '0'
end

-- The properties as a table of values by name. Their names are in one field, their values have one each.
local function propertiesOf(room)
  local names, fields, properties = {}, {}, {}
  for name in string.gmatch(room.properties or '', '%S+') do
    names[#names + 1] = name
    fields[#fields + 1] = 'p:' .. name
  end
  if #names > 0 then
    for i, value in ipairs(redis.call('HMGET', ROOM, unpack(fields))) do
      properties[names[i]] = value
    end
  end
  return properties
end

-- What there is to say of a room itself, names and values, for an answer: that there is a proof, but not the proof.
local function roomFields(room)
  local answered = {'proof', digit(room.proof)}
  local function add(name, value)
    answered[#answered + 1] = name
    answered[#answered + 1] = value
  end
  for _, name in ipairs(ANSWERED) do
    if room[name] then
      add(name, room[name])
    end
  end
  for name, value in pairs(propertiesOf(room)) do
    add('p:' .. name, value)
  end
  return answered
end
