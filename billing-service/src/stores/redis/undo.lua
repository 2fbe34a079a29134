--[[
Gives back what one check counted, once.

KEYS  1 the user's log, fbx:{u:<userId>}:log (its form: take.lua)
ARGV  1 now, ms   2 retain, ms   3 operation, 32-bit hash   4, 5 the check's id, two 32-bit hashes
Returns {1 = given back / 0 = no such check within `retain`, total}
      total  as take.lua returns it. Undo does not lower it: the record is removed and its cost added to the running
             totals before it, so that every window that held it counts less and the newest total stays the same.
]]
local HEAD, RECORD, WRAP = 6, 24, 2 ^ 48
local unpack, pack, find, sub = struct.unpack, struct.pack, string.find, string.sub

local log = redis.call('GET', KEYS[1])
if not log then return { 0, 0 } end
local size = (#log - HEAD) / RECORD
local total = unpack('>I6', log, #log - 5)

local id = pack('>I4I4I4', tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[3]))
local at = find(log, id, 13, true)
while at and (at - 13) % RECORD ~= 0 do at = find(log, id, at + 1, true) end
if not at then return { 0, total } end

-- The same id may be in the log twice: a dead record that is not cut off yet, and a live one after it.
local now, retain = tonumber(ARGV[1]), tonumber(ARGV[2])
local newest = unpack('>I6', log, #log - 23)
local behind = math.max(0, newest - now)
local function dead(position) return unpack('>I6', log, position - 6) <= now + behind - retain end
while at and dead(at) do
  at = find(log, id, at + RECORD, true)
  while at and (at - 13) % RECORD ~= 0 do at = find(log, id, at + 1, true) end
end
if not at then return { 0, total } end

local record = at - 6
local before = unpack('>I6', log, record - 6)
local cost = (unpack('>I6', log, record + 18) - before) % WRAP
local kept = {}
for position = 1, record - RECORD - 6 + 1, RECORD do
  kept[#kept + 1] = pack('>I6', (unpack('>I6', log, position) + cost) % WRAP) .. sub(log, position + 6, position + 23)
end
kept[#kept + 1] = pack('>I6', (before + cost) % WRAP)
redis.call('SET', KEYS[1], table.concat(kept) .. sub(log, record + RECORD), 'PX', 3 * retain + behind + 1000)
return { 1, total }
