-- The row of wrong proofs: ROOM counts them, for all nodes and no longer than the room lives.

-- Ends the row.
local function endRow(room)
  if room.wrong then
    redis.call('HDEL', ROOM, 'wrong', 'waitUntil')
  end
end

-- For how many milliseconds no new seat is given.
local function waiting(room)
  return math.max(0, tonumber(room.waitUntil or '0') - now)
end

-- Counts one more; after so many as are free, each doubles the waiting from 1 second up to 60.
local function countWrong(room, free)
  local wrong = tonumber(room.wrong or '0') + 1
  local beyond = wrong - free
  if beyond > 0 then
    local wait = math.min(60, 2 ^ (beyond - 1)) * 1000
    redis.call('HSET', ROOM, 'wrong', wrong, 'waitUntil', now + wait)
  else
    redis.call('HSET', ROOM, 'wrong', wrong)
  end
end
