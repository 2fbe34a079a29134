--[[
wrk's script: one call of the service, again and again.

Arguments after `--`: call, number of users, how users are chosen, API key, file of reservation ids (commit only).
  call  reserve · reserve-limits · commit (each id of the file once) · life (reserve, then commit what it answered)
        · check · balance
  users spread: each as likely · hot: one alone · skewed: every fifth request is for one of five users
        · some: ten thousand of them, at even distances
Prints one line of JSON at the end; times in microseconds.
]]
local SOME = 10000
local call, users, choice, key
local ids, next_id = {}, 0

local function post(path)
  return 'POST ' .. path .. ' HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ' .. key
    .. '\r\nContent-Type: application/json\r\nContent-Length: '
end

local function with_body(path, before, after)
  local start = post(path)
  return function(value)
    return start .. (#before + #value + #after) .. '\r\n\r\n' .. before .. value .. after
  end
end

local function user()
  if choice == 'hot' then return 'bench:1' end
  if choice == 'skewed' and math.random(5) == 1 then return 'bench:' .. math.random(5) end
  if choice == 'some' then return 'bench:' .. math.random(SOME) * math.floor(users / SOME) end
  return 'bench:' .. math.random(users)
end

-- Holds outlive the run: their expiry is not what is measured.
local function reserve(more)
  local after = '","operation":"chatgpt_message","ttlSeconds":86400' .. more .. '}'
  return with_body('/tokens/reserve', '{"user":"', after)
end

local function read_ids(file)
  for id in io.lines(file) do ids[#ids + 1] = id end
end

local makers = {}

makers['reserve'] = function()
  local make = reserve('')
  return function() return make(user()) end
end

makers['reserve-limits'] = function()
  local make = reserve(',"checkLimits":true')
  return function() return make(user()) end
end

makers['check'] = function()
  local make = with_body('/limits/check', '{"user":"', '","operation":"chatgpt_message"}')
  return function() return make(user()) end
end

makers['balance'] = function()
  local rest = '/balance HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ' .. key .. '\r\n\r\n'
  return function() return 'GET /users/' .. user() .. rest end
end

makers['commit'] = function()
  local make = with_body('/tokens/commit', '{"reservationId":"', '"}')
  return function()
    next_id = next_id + 1
    -- Out of reservations: the round ends here, and its rate is over the time it had.
    if next_id >= #ids then wrk.thread:stop() end
    return make(ids[math.min(next_id, #ids)])
  end
end

makers['life'] = function()
  local make_reserve, make_commit = reserve(''), with_body('/tokens/commit', '{"reservationId":"', '"}')
  -- Only now: wrk spends time on every answer once this is defined.
  function response(status, headers, body)
    if status == 201 then ids[#ids + 1] = string.match(body, '"reservationId":"([^"]+)"') end
  end
  return function()
    local id = table.remove(ids)
    if id then return make_commit(id) end
    return make_reserve(user())
  end
end

function init(args)
  call, users, choice, key = args[1], tonumber(args[2]), args[3], args[4]
  math.randomseed(os.time())
  if args[5] then read_ids(args[5]) end
  request = makers[call]()
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"durationUs":%d,"non2xx":%d,"failed":%d,"p50Us":%d,"p99Us":%d,"maxUs":%d}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max
  ))
end
