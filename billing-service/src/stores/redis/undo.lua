--[[
Gives back what one check counted, once; or lets one of its copies step down, and gives back with the last.

KEYS  1 the user's log, fbx:{u:<userId>}:log (its form: take.lua)
ARGV  1 now, ms   2 retain, ms   3 operation, 32-bit hash   4, 5 the check's id, 24 and 32 bits of its hash
      6 0 = for all copies; otherwise one copy steps down from the record of this time, ms, and no other
Returns {1 = given back / 0 = no such record within `retain`, or other copies stand on it, total}
      total  as take.lua returns it. Undo does not lower it: the record is removed and its cost added to the running
             totals before it, so that every window that held it counts less and the newest total stays the same.
]]
local HEAD, RECORD, WRAP, MAX_COPIES = 6, 24, 2 ^ 48, 255
local unpack, pack, find, sub = struct.unpack, struct.pack, string.find, string.sub

local log = redis.call('GET', KEYS[1])
if not log then return { 0, 0 } end
local size = (#log - HEAD) / RECORD
local total = unpack('>I6', log, #log - 5)
if size == 0 then return { 0, total } end

local id = sub(pack('>I4I4I4', tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[3])), 2)
local now, retain, countedAt = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[6])
local newest = unpack('>I6', log, #log - 23)
local behind = math.max(0, newest - now)

-- The same id may be in the log twice: a dead record that is not cut off yet, and a live one after it.
local function isWanted(time)
  return time > now + behind - retain and (countedAt == 0 or time == countedAt)
end
local record
local at = find(log, id, 14, true)
while at do
  if (at - 14) % RECORD == 0 and isWanted(unpack('>I6', log, at - 7)) then
    record = at - 7
    break
  end
  at = find(log, id, at + 1, true)
end
if not record then return { 0, total } end

local copies = unpack('B', log, record + 6)
if countedAt > 0 and copies > 0 then
  if copies < MAX_COPIES then redis.call('SETRANGE', KEYS[1], record + 5, string.char(copies - 1)) end
  return { 0, total }
end

local before = unpack('>I6', log, record - 6)
local cost = (unpack('>I6', log, record + 18) - before) % WRAP
local kept = {}
for position = 1, record - RECORD - 6 + 1, RECORD do
  kept[#kept + 1] = pack('>I6', (unpack('>I6', log, position) + cost) % WRAP) .. sub(log, position + 6, position + 23)
end
kept[#kept + 1] = pack('>I6', (before + cost) % WRAP)
redis.call('SET', KEYS[1], table.concat(kept) .. sub(log, record + RECORD), 'PX', 3 * retain + behind + 1000)
return { 1, total }
