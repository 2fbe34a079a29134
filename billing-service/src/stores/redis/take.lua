--[[
Decides one request against all its policies at once, and counts it where all of them admit it.

KEYS  1 the user's log, fbx:{u:<userId>}:log
ARGV  1 now, ms   2 retain, ms: the longest window of any tier   3 cost   4 mode: 1 = count, 0 = peek
      5 operation, 32-bit hash   6, 7 the check's id, two 32-bit hashes (0, 0 on a peek)
      8… three a policy: limit, window in ms, 1 = every operation / 0 = this operation alone
Returns {status, now, total, (used, newest, next) a policy}
      status  one of the three below   now  the log's time: the caller's, but never before the newest record
      total   tokens of cost ever counted; it never falls while the log lives, so that a smaller one than was seen
              before tells a caller that the log was lost
      used    counted in the window after this call   newest  time of the newest of these, 0 = none
      next    when the window has room for this request, where it is denied; else when its oldest record leaves it
              (0 = none in it)

The log is one string: 6 bytes of running total before its first record, then 24 bytes a record: time 6, check id 8,
operation 4, running total 6 (mod 2^48). Records are in the order of time, so what a window over every operation holds
is the difference of two running totals: a binary search, no sum. The front is dropped by a cut: the last 6 bytes of
what is cut off become the new head.

Measured (commandstats, µs a call, full log, one policy over every operation; best of 25 rounds on a busy two-core
machine, where a script of a bare GET and APPEND took 11.5 at limit 10 and 16.3 at 100, and half of that when it was
quiet): admitted 26 at limit 10, 31 at 100; denied 12 and 20 (the bare script then: 7 and 12). A second policy over one
operation sums its 100 records: + 65. Rejected:
- SET of the whole log at every admission: 48 instead of 29 at limit 100, 24 and 19 at 10 (two copies of the log as Lua
  strings; APPEND makes none, and a rewrite drops a quarter of the log at once);
- APPEND and PEXPIRE: a third command in the script, + 2 to 6; the life of three windows makes it needless;
- a sum over the records of the window instead of running totals: see the second policy above.
]]
local DENIED, ADMITTED, REPEATED = 0, 1, 2
local HEAD, RECORD, WRAP = 6, 24, 2 ^ 48
-- A longer log is thinned, see below. 4,096 records are 96 KB.
local MAX_RECORDS = 4096
local unpack, pack, find, floor = struct.unpack, struct.pack, string.find, math.floor

local now, retain, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local operation = tonumber(ARGV[5])
local log = redis.call('GET', KEYS[1]) or '\0\0\0\0\0\0'
local size = (#log - HEAD) / RECORD
local total, behind, newestOfAll = 0, 0, 0
if size == 0 then
  total = unpack('>I6', log)
else
  newestOfAll, total = unpack('>I6xxxxxxxxxxxxI6', log, #log - 23)
  if newestOfAll > now then
    behind = newestOfAll - now
    now = newestOfAll
  end
end

-- The first record, from 0, that is newer than `time`; `size` where none is.
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
  return table.concat(kept) .. string.sub(log, 7 + RECORD * half)
end

-- Writes the log with this request in it. Most calls append and touch nothing else; a log is written anew, without what
-- is dead, when a quarter of it is, or when its time to live must be renewed. It lives three times `retain` from then,
-- and that moment is not before its first record: so up to `retain` * 2 after that record nothing is to renew.
local function write(live)
  local record = pack('>I6I4I4I4I6', now, tonumber(ARGV[6]), tonumber(ARGV[7]), operation, total)
  local full = size - live >= MAX_RECORDS
  if size == 0 or full or behind > 0 or live * 4 > size or now > unpack('>I6', log, 7) + 2 * retain then
    local kept = full and thin(live) or string.sub(log, 1 + RECORD * live)
    redis.call('SET', KEYS[1], kept .. record, 'PX', 3 * retain + behind + 1000)
  else
    redis.call('APPEND', KEYS[1], record)
  end
end

local live = firstAfter(now - retain, 0)
local status, counting = ADMITTED, ARGV[4] == '1'
if counting and live < size then
  local id = pack('>I4I4I4', tonumber(ARGV[6]), tonumber(ARGV[7]), operation)
  local at = find(log, id, 13 + RECORD * live, true)
  while at and (at - 13) % RECORD ~= 0 do at = find(log, id, at + 1, true) end
  if at then status, counting, cost = REPEATED, false, 0 end
end

local answer, n = { 0, 0, 0 }, 3
for i = 8, #ARGV, 3 do
  local window = tonumber(ARGV[i + 1])
  local room = tonumber(ARGV[i]) - cost
  local from = window >= retain and live or firstAfter(now - window, live)
  local count = ARGV[i + 2] == '1' and countAll or countOwn
  local used, newest, next = count(from, window, room)
  if used > room and status == ADMITTED then status = DENIED end
  answer[n + 1], answer[n + 2], answer[n + 3] = used, newest, next
  n = n + 3
end

if counting and status == ADMITTED then
  total = (total + cost) % WRAP
  write(live)
  for i = 4, n, 3 do
    if answer[i] == 0 then answer[i + 2] = now + tonumber(ARGV[i + 5]) end
    answer[i], answer[i + 1] = answer[i] + cost, now
  end
end
answer[1], answer[2], answer[3] = status, now, total
return answer
