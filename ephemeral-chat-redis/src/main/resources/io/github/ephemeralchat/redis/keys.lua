-- How bodies become keys, and are keys no more; for the scripts that write, and for pages.

-- For how long BODIES outlives the room, in milliseconds: whoever looks at a room that has ended finds by it the texts that
-- Redis has not removed yet.
local OUTLIVES = 10000

-- Gives BODIES its end.
local function endBodies(log)
  redis.call('PEXPIREAT', BODIES, log.deadline + OUTLIVES)
end

-- While a cluster moves a slot, a script fails that calls Redis with a key that has gone or was never there, and what it has
-- written before stays. So a script that changes more than the log first makes sure that what it needs is here.
local function reachBodies(log)
  if log.due then
    redis.call('ZRANGE', BODIES, 0, 0)
  end
end

-- Takes texts from BODIES.
local function unlist(log, sequences)
  for i = 1, #sequences, 1000 do
    local removed = redis.call('ZREM', BODIES, unpack(sequences, i, math.min(i + 999, #sequences)))
    -- Whether it has become empty, or was evicted. Being empty it is not there: that may be refused, see above.
    if removed > 0 and redis.pcall('EXISTS', BODIES) ~= 1 then
      redis.call('HDEL', LOG, 'due')
      log.due = nil
    end
  end
end

-- Removes who has claimed texts.
local function dropClaims(sequences)
  for i = 1, #sequences, 1000 do
    local claims = {}
    for each = i, math.min(i + 999, #sequences) do
      claims[#claims + 1] = 'c:' .. sequences[each]
    end
    redis.call('HDEL', LOG, unpack(claims))
  end
end

-- Removes texts that are keys, and who has claimed them. While a cluster moves a slot, some may have gone: then they stay in
-- BODIES, by which they are removed later.
local function dropBodies(log, sequences)
  if not log.due or #sequences == 0 then
    return
  end
  dropClaims(sequences)
  if callBodies(redis.pcall, 'UNLINK', sequences) then
    unlist(log, sequences)
  end
end

-- Calls back for each text that is a key, as the log says it.
local function eachBody(log, use)
  for at = log.first, log.sequence, 100 do
    local names = {}
    for sequence = at, math.min(log.sequence, at + 99) do
      names[#names + 1] = sequence
    end
    for i, entry in ipairs(redis.call('HMGET', LOG, unpack(names))) do
      local one = entry and string.find(entry, '^%d+ %d+ %d+ %d+ ') and pieces(entry)
      local goes = one and goesAt(one)
      if goes then
        use(names[i], goes)
      end
    end
  end
end

-- The sequences of those whose time is not over, with when they go. All of them are here.
local function livingBodies(log)
  local sequences, ends = {}, {}
  if log.due then
    reachBodies(log)
    eachBody(log, function(sequence, goes)
      if now < tonumber(goes) then
        sequences[#sequences + 1] = sequence
        ends[sequence] = goes
      end
    end)
    callBodies(redis.call, 'EXISTS', sequences)
  end
  return ends
end

-- Gives texts the room's new end, where they have none that is earlier.
local function moveBodies(log, ends)
  if log.due then
    endBodies(log)
  end
  for sequence, goes in pairs(ends) do
    redis.call('PEXPIREAT', bodyKey(sequence), earlier(goes, log.deadline))
  end
end

-- Makes BODIES anew.
local function restore(log)
  local due = nil
  eachBody(log, function(sequence, goes)
    redis.call('ZADD', BODIES, goes, sequence)
    endBodies(log)
    due = due and earlier(due, goes) or goes
  end)
  log.due = due
  if due then
    redis.call('HSET', LOG, 'due', due)
  else
    redis.call('HDEL', LOG, 'due')
  end
end

-- Notes when a text goes. BODIES never is without an end, and never lacks what was evicted with it. Whether it is there, no
-- clock decides that goes on while the script runs.
local function note(log, sequence, goes)
  local is_there = redis.call('EXISTS', BODIES) == 1
  if log.due and not is_there then
    restore(log)
  end
  redis.call('ZADD', BODIES, goes, sequence)
  if not is_there then
    endBodies(log)
  end
  if not log.due or tonumber(goes) < tonumber(log.due) then
    log.due = goes
    redis.call('HSET', LOG, 'due', goes)
  end
end

-- Makes a text a key, before its entry is written.
local function keepBody(log, sequence, text, goes)
  redis.call('SET', bodyKey(sequence), text, 'PXAT', earlier(goes, log.deadline))
  note(log, sequence, goes)
end

-- Some of the texts whose time is over, and when the next one goes.
local function someDue()
  local due = redis.call('ZRANGE', BODIES, '-inf', now, 'BYSCORE', 'LIMIT', 0, 200)
  return due, redis.call('ZRANGE', BODIES, #due, #due, 'WITHSCORES')[2]
end

-- Forgets them: their bytes are credited, and Redis has their memory back. By itself Redis comes across a key whose time is
-- over within a second, or within hours if it has very many keys.
local function forgetSome(log)
  local due, first = someDue()
  if #due == 0 and not first then
    restore(log)
    due, first = someDue()
    if not log.due then
      return
    end
  end
  log.due = first or FAR
  local changed = {}
  for i, entry in ipairs(#due > 0 and redis.call('HMGET', LOG, unpack(due)) or {}) do
    local one = pieces(entry)
    if one and one.reason == '-' and isOver(one) then
      log.text = log.text - one.bytes
      changed[#changed + 1] = due[i]
      changed[#changed + 1] = forgotten(one, 'expired')
    end
  end
  -- First what needs no memory. Where that is refused they have gone, or Redis itself has removed them.
  callBodies(redis.pcall, 'UNLINK', due)
  redis.call('HSET', LOG, 'text', log.text, 'due', log.due, unpack(changed))
  dropClaims(due)
  unlist(log, due)
end

-- The same, one step, and more where the log would otherwise have too much text.
local function forgetDue(log, most)
  repeat
    forgetSome(log)
  until not log.due or now < tonumber(log.due) or log.text <= most
end
