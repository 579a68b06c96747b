-- How bodies become keys, and are keys no more; for the scripts that write.

-- Removes texts that are keys, and who has claimed them.
local function dropBodies(log, sequences)
  if not log.due or #sequences == 0 then
    return
  end
  local claims = {}
  for i, sequence in ipairs(sequences) do
    claims[i] = 'c:' .. sequence
  end
  for i = 1, #sequences, 1000 do
    local last = math.min(i + 999, #sequences)
    redis.call('HDEL', LOG, unpack(claims, i, last))
    -- Whether it has become empty, or was evicted.
    if redis.call('ZREM', BODIES, unpack(sequences, i, last)) > 0 and redis.call('EXISTS', BODIES) == 0 then
      redis.call('HDEL', LOG, 'due')
      log.due = nil
    end
  end
  unlinkBodies(sequences)
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

-- Gives all of them the room's new end, where they have none that is earlier.
local function moveBodies(log)
  if log.due then
    redis.call('PEXPIREAT', BODIES, log.deadline)
    eachBody(log, function(sequence, goes)
      redis.call('PEXPIREAT', bodyKey(sequence), earlier(goes, log.deadline))
    end)
  end
end

-- Makes BODIES anew.
local function restore(log)
  local due = nil
  eachBody(log, function(sequence, goes)
    redis.call('ZADD', BODIES, goes, sequence)
    redis.call('PEXPIREAT', BODIES, log.deadline)
    due = due and earlier(due, goes) or goes
  end)
  log.due = due
  if due then
    redis.call('HSET', LOG, 'due', due)
  else
    redis.call('HDEL', LOG, 'due')
  end
end

-- Notes when a text goes. BODIES never is without an end, and never lacks what was evicted with it.
local function note(log, sequence, goes)
  local is_there = redis.call('PEXPIREAT', BODIES, log.deadline) == 1
  if log.due and not is_there then
    restore(log)
  end
  redis.call('ZADD', BODIES, goes, sequence)
  if not is_there then
    redis.call('PEXPIREAT', BODIES, log.deadline)
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

-- Forgets them: their bytes are credited.
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
  -- First what Redis may refuse for want of memory: it then has changed nothing.
  redis.call('HSET', LOG, 'text', log.text, 'due', log.due, unpack(changed))
  dropBodies(log, due)
end

-- The same, one step, and more where the log would otherwise have too much text.
local function forgetDue(log, most)
  repeat
    forgetSome(log)
  until not log.due or now < tonumber(log.due) or log.text <= most
end
