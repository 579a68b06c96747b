-- Bodies that are forgotten before their room ends. The first part of their entries goes on with three words, a hyphen for
-- what is not so:
--   when it ends, in milliseconds
--   how many may still claim it; of one that all have claimed, until when its last claim may be repeated
--   why it is forgotten
-- A text with an end or claims is a key of its own, which goes when the text goes: Redis frees it with no node running. Where
-- such a key was evicted, the text is told as expired. Beside the entries LOG has
--   due                 -> when the first key of BODIES goes, or earlier; only if there may be one
--   c:<sequence>        -> who has claimed that entry: identity id, zero byte, milliseconds, zero byte, for each
-- BODIES has the sequences of texts that are keys, by when they go. It finds those whose bytes are to be credited; where it
-- was evicted, it is made anew of the log.
--
-- As many milliseconds as no clock has: of a text that lives as long as the room.
local FAR = '999999999999999'
local PARTS = '^(%d+ %d+ %d+) (%d+)(%Z*)(%z(%Z*)%z%Z*%z%Z*%z(%Z*)%z)'

-- An entry in pieces; nil if it is none.
local function pieces(entry)
  local front, bytes, life, back, from, key = string.match(entry or '', PARTS)
  if not front then
    return nil
  end
  local ends, claims, reason = string.match(life, '^ ([%d-]+) ([%d-]+) ([%a-]+)$')
  return {
    front = front, bytes = tonumber(bytes), back = back, from = from, key = key, ends = ends or '-',
    claims = claims or '-', reason = reason or '-'
  }
end

-- The same as an entry without its text.
local function whole(one)
  return table.concat({one.front, one.bytes, one.ends, one.claims, one.reason}, ' ') .. one.back
end

-- The same as an entry whose text is gone; the log no longer counts it.
local function forgotten(one, reason)
  one.bytes, one.reason = 0, reason
  return whole(one)
end

local function earlier(one, other)
  return tonumber(one) < tonumber(other) and one or other
end

local function isOver(one)
  return one.ends ~= '-' and now >= tonumber(one.ends)
end

-- When its text goes that is a key of its own; nil if it has none.
local function goesAt(one)
  if one.reason == 'claimed' then
    return one.claims
  end
  if one.reason == '-' and (one.ends ~= '-' or one.claims ~= '-') then
    return one.ends == '-' and FAR or one.ends
  end
end

-- Entries as a page shows them: each with its text if it is there and needs no claim.
local function shown(first, entries)
  local keys, them = {}, {}
  for i, entry in ipairs(entries) do
    local one = string.find(entry, '^%d+ %d+ %d+ %d+ ') and pieces(entry)
    if one and one.reason == '-' then
      if isOver(one) then
        entries[i] = forgotten(one, 'expired')
      elseif one.claims == '-' then
        keys[#keys + 1] = bodyKey(first + i - 1)
        them[#them + 1] = {i, one}
      end
    end
  end
  if #keys > 0 then
    for i, text in ipairs(redis.call('MGET', unpack(keys))) do
      local at, one = unpack(them[i])
      entries[at] = text and #text == one.bytes and whole(one) .. text or forgotten(one, 'expired')
    end
  end
  return entries
end
