-- A bucket of tokens that fills evenly, as the generic cell rate algorithm keeps it: the key holds the time at which it is full.
-- KEYS[1] the key; ARGV[1] microseconds for a token, ARGV[2] for all of them.
-- Returns whether there is room, how many more, and in microseconds when all is free again and when to come again.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local capacity = tonumber(ARGV[2])
local missing = math.max(0, tonumber(redis.call('GET', KEYS[1]) or '0') - now)
local used = missing + interval
if used > capacity then
    return {0, 0, missing, used - capacity}
end
redis.call('SET', KEYS[1], string.format('%.0f', now + used), 'PX', math.ceil(used / 1000))
return {1, math.floor((capacity - used) / interval), used, 0}
