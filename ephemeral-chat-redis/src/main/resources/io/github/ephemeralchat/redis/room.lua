-- What there is to say of a room beside its log: admission and properties.

-- Whether nobody who has no seat is let in.
local function isLocked(room)
  return room.fields.locked == '1'
end

-- The hash of what is to be brought for a new seat; nil if nothing is.
local function proofOf(room)
  local proof = room.fields.proof
  return proof and proof ~= '' and proof or nil
end

-- Whether texts and profiles are opaque.
local function isEncrypted(room)
  return room.fields.encrypted == '1'
end

-- The properties as a table of values by name.
local function propertiesOf(room)
  local properties = {}
  for field, value in pairs(room.fields) do
    local name = string.match(field, '^p:(.*)$')
    if name then
      properties[name] = value
    end
  end
  return properties
end

local function digit(flag)
  return flag and '1' or '0'
end

-- What there is to say of a room itself, for an answer: never the proof. Names and values of the properties come last.
local function roomFields(room)
  local f = room.fields
  local answered = {
    room.incarnation, f.created, room.deadline, f.latest, f.seats, f.ownerOnly, digit(isLocked(room)),
    digit(proofOf(room)), digit(isEncrypted(room)), f.messageTtl or '', digit(f.typing == '1'), digit(f.presence == '1')
  }
  for name, value in pairs(propertiesOf(room)) do
    answered[#answered + 1] = name
    answered[#answered + 1] = value
  end
  return answered
end
