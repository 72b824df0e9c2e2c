-- A window that slides in steps of a tenth: the key holds a count for each step.
-- KEYS[1] the key; ARGV[1] microseconds of a step, ARGV[2] the limit.
-- Returns whether there is room, how many more, and in microseconds when all is free again and when to come again.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local step = tonumber(ARGV[1])
local limit = tonumber(ARGV[2])
local steps = 10
local present = math.floor(now / step)
local counts = {}
local sum = 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
    local at = tonumber(all[i])
    if at < present - steps then
        redis.call('HDEL', KEYS[1], all[i])
    else
        counts[at] = tonumber(all[i + 1])
        sum = sum + counts[at]
    end
end
-- When no more than so many count.
local function untilAtMost(most)
    local left = sum
    local at = present - steps
    local passed = 0
    while left > most do
        left = left - (counts[at] or 0)
        at = at + 1
        passed = passed + 1
    end
    return passed == 0 and 0 or passed * step - now % step
end
if sum >= limit then
    return {0, 0, untilAtMost(0), untilAtMost(limit - 1)}
end
counts[present] = redis.call('HINCRBY', KEYS[1], string.format('%.0f', present), 1)
redis.call('PEXPIRE', KEYS[1], math.ceil((steps + 1) * step / 1000))
sum = sum + 1
return {1, limit - sum, untilAtMost(0), 0}
