--[[
Decides requests, each against all its policies at once, and counts it if all of them admit it. Requests are taken one
after the other, as if each had come alone; one that fails (another type at its key, no memory) fails alone.

KEYS  one a request: the user's log, fbx:{u:<userId>}:log; the same one may come again
ARGV  1 the requests, packed: numbers big-endian, 32 bytes a request and 13 a policy behind it
        now, ms 6   retain, ms 6: the longest window of any tier   cost 6   0 1   the check's id 7 (0 on a peek)
        operation 4: its hash   mode 1: 1 = count, 0 = peek   number of policies 1
        a policy: limit 6   window, ms 6   1 = every operation / 0 = this operation alone 1
Returns one text, packed as ARGV 1 is: for each request in turn its status 1, then now 6, total 6 and counted 6, then
used 6, newest 6 and next 6 a policy; of one that failed the status, then the length 2 of the reason and the reason
      status  one of the four below
      now     the log's time: the caller's, but never before the newest record
      total   of all cost ever counted; a smaller one than before tells a caller that the log was lost
      counted the time of the record on which this request stands, written now or before; 0 = none
      used    counted in the window after this call   newest  time of the newest of these, 0 = none
      next    if denied, when the window has room for this request; otherwise when its oldest record leaves; 0 = none

The log is one string: 6 bytes of running total before its first record, then 24 bytes a record: time 6, copies 1,
check id 7, operation 4, running total 6 (mod 2^48). Records are in the order of time, so the count of a window over
every operation is the difference of two running totals: a binary search, no sum. To drop the front, cut it off: the last
6 bytes before the cut become the new head. Copies: how many more requests with this id stand on the record (255: so many
that nobody takes it away). undo.lua lets them step down one by one, and the record goes with the last.

Measured (µs a request, full log, one policy over every operation, a busy two-core machine): at limit 10 admitted 22 alone,
12 in a call of 64, denied 19 and 8; at limit 100 32 and 20, 31 and 19. Rejected: docs/decisions/0010-checks-of-one-turn.md
]]
local DENIED, ADMITTED, REPEATED, FAILED = 0, 1, 2, 3
local HEAD, RECORD, WRAP = 6, 24, 2 ^ 48
local REQUEST, POLICY = 32, 13 -- bytes of ARGV 1
-- A longer log is thinned (see `thin`). 4,096 records are 96 KB.
local MAX_RECORDS, MAX_COPIES = 4096, 255
local unpack, pack, find, sub, floor = struct.unpack, struct.pack, string.find, string.sub, math.floor
local call, requests, at, answer, n = redis.call, ARGV[1], 1, {}, 0
-- The present request, its used, newest and next of each policy, and its log.
local figures = {}
local key, now, retain, cost, id, mode, policies
local log, size, total, behind, newestOfAll

-- The number (from 0) of the first record that is newer than `time`; `size` if none is.
local function firstAfter(time, low)
  if low >= size or unpack('>I6', log, 7 + RECORD * low) > time then return low end
  local high = size
  while high - low > 1 do
    local middle = floor((low + high) / 2)
    if unpack('>I6', log, 7 + RECORD * middle) > time then high = middle else low = middle end
  end
  return high
end

-- One window over every operation. Returns used, newest, next.
local function countAll(from, window, room)
  if from >= size then return 0, 0, 0 end
  local used = (total - unpack('>I6', log, 1 + RECORD * from)) % WRAP
  local leaves = from
  if used > room and room >= 0 then
    local high = size
    while high - leaves > 1 do
      local middle = floor((leaves + high) / 2)
      if (total - unpack('>I6', log, 1 + RECORD * middle)) % WRAP <= room then high = middle else leaves = middle end
    end
  end
  return used, newestOfAll, unpack('>I6', log, 7 + RECORD * leaves) + window
end

-- One window over this operation alone, which has no running total of its own: its records are summed.
local function countOwn(from, window, room)
  local operation = unpack('>I4', id, 9)
  local used, oldest, newest = 0, 0, 0
  local start = unpack('>I6', log, 1 + RECORD * from)
  local before = start
  for at = 7 + RECORD * from, #log, RECORD do
    local time, op, after = unpack('>I6xxxxxxxxI4I6', log, at)
    if op == operation then
      used, newest = used + (after - before) % WRAP, time
      if oldest == 0 then oldest = time end
    end
    before = after
  end
  if used == 0 then return 0, 0, 0 end
  if used <= room or room < 0 then return used, newest, oldest + window end
  local left = used
  before = start
  for at = 7 + RECORD * from, #log, RECORD do
    local time, op, after = unpack('>I6xxxxxxxxI4I6', log, at)
    if op == operation then
      left = left - (after - before) % WRAP
      if left <= room then return used, newest, time + window end
    end
    before = after
  end
end

-- Bounds the log without ever admitting too many: in its older half, records of one operation are merged two by two at
-- the time of the newer. They leave a little later than they would have, and their check ids are forgotten.
local function thin(from)
  local half = from + floor((size - from) / 2)
  local start = unpack('>I6', log, 1 + RECORD * from)
  local records, waiting, before = {}, {}, start
  for i = from, half - 1 do
    local time, high, low, op, after = unpack('>I6I4I4I4I6', log, 7 + RECORD * i)
    local record = { time, high, low, op, (after - before) % WRAP }
    local older = waiting[op]
    if older then
      record[2], record[3], record[5] = 0, 0, record[5] + older[5]
      older[5], waiting[op] = 0, nil
    else
      waiting[op] = record
    end
    records[#records + 1], before = record, after
  end
  local kept, sum = { pack('>I6', start) }, start
  for _, r in ipairs(records) do
    if r[5] > 0 then
      sum = (sum + r[5]) % WRAP
      kept[#kept + 1] = pack('>I6I4I4I4I6', r[1], r[2], r[3], r[4], sum)
    end
  end
  return table.concat(kept) .. sub(log, 7 + RECORD * half)
end

-- Writes the log with this request in it. Most calls only append. The whole log is rewritten, without its dead records,
-- when a quarter of it is dead, or when its time to live must be renewed. A rewrite lets it live for 3 * `retain`, and
-- never happens before the log's first record: so until 2 * `retain` after that record nothing has to be renewed.
local function write(live)
  local record = pack('>I6c12I6', now, id, total)
  local full = size - live >= MAX_RECORDS
  if size == 0 or full or behind > 0 or live * 4 > size or now > unpack('>I6', log, 7) + 2 * retain then
    local kept = full and thin(live) or sub(log, 1 + RECORD * live)
    call('SET', key, kept .. record, 'PX', 3 * retain + behind + 1000)
  else
    call('APPEND', key, record)
  end
end

local function read()
  log = call('GET', key) or '\0\0\0\0\0\0'
  size = (#log - HEAD) / RECORD
  behind, newestOfAll = 0, 0
  if size == 0 then total = unpack('>I6', log) return end
  newestOfAll, total = unpack('>I6xxxxxxxxxxxxI6', log, #log - 23)
  if newestOfAll > now then behind, now = newestOfAll - now, newestOfAll end
end

-- One more copy stands on this check's record; returns its time, or nil. Records begin at multiples of RECORD only.
local function join(live)
  local wanted = sub(id, 2)
  local found = find(log, wanted, 14 + RECORD * live, true)
  while found and (found - 14) % RECORD ~= 0 do found = find(log, wanted, found + 1, true) end
  if not found then return nil end
  local time, copies = unpack('>I6B', log, found - 7)
  if copies < MAX_COPIES then call('SETRANGE', key, found - 2, string.char(copies + 1)) end
  return time
end

local function decide()
  read()
  local live = firstAfter(now - retain, 0)
  local status, counting = ADMITTED, mode == 1
  local counted = counting and live < size and join(live) or 0
  if counted > 0 then status, counting, cost = REPEATED, false, 0 end

  local last = 3 * policies
  for i = 1, last, 3 do
    local limit, window, every = unpack('>I6I6B', requests, at + REQUEST + POLICY * (i - 1) / 3)
    local room = limit - cost
    local from = window >= retain and live or firstAfter(now - window, live)
    local count = every == 1 and countAll or countOwn
    local used, newest, next = count(from, window, room)
    if used > room and status == ADMITTED then status = DENIED end
    figures[i], figures[i + 1], figures[i + 2] = used, newest, next
  end

  if counting and status == ADMITTED then
    total, counted = (total + cost) % WRAP, now
    write(live)
    for i = 1, last, 3 do
      local policy = at + REQUEST + POLICY * (i - 1) / 3
      if figures[i] == 0 then figures[i + 2] = now + unpack('>I6', requests, policy + 6) end
      figures[i], figures[i + 1] = figures[i] + cost, now
    end
  end
  answer[n + 1] = pack('>BI6I6I6', status, now, total, counted)
  for i = 1, last, 3 do
    answer[n + 1 + (i + 2) / 3] = pack('>I6I6I6', figures[i], figures[i + 1], figures[i + 2])
  end
  n = n + 1 + policies
end

for i = 1, #KEYS do
  key = KEYS[i]
  now, retain, cost, id, mode, policies = unpack('>I6I6I6c12BB', requests, at)
  local ok, failure = pcall(decide)
  if not ok then
    local reason = type(failure) == 'table' and failure.err or tostring(failure)
    answer[n + 1], n = pack('>BI2', FAILED, #reason) .. reason, n + 1
  end
  at = at + REQUEST + POLICY * policies
end
return table.concat(answer, '', 1, n)
