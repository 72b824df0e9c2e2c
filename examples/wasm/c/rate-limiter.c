// Lets so many requests of a client through in a minute, and so many at once: a bucket of tokens for each address, shared by all instances.
// Configuration: {"requests_per_minute": 60, "burst_size": 10}; without a burst size as many as in a minute may come at once.
#include "proxy_wasm.h"

#define MINUTE 60000000000ULL
#define TRIES 10

static uint64_t per_minute = 60;
static uint64_t burst = 0;

// What is kept of a client: tokens in billionths, and when they were counted.
struct bucket {
    uint64_t tokens;
    uint64_t time;
};

// Finds a number in a JSON object by its key; this is no parser, but enough for a flat object.
static uint64_t number_of(const char *json, size_t length, const char *key, uint64_t otherwise) {
    size_t key_length = length_of(key);
    for (size_t i = 0; i + key_length + 2 < length; i++) {
        if (json[i] != '"' || !same(json + i + 1, key_length, key) || json[i + 1 + key_length] != '"') {
            continue;
        }
        size_t at = i + key_length + 2;
        while (at < length && (json[at] == ' ' || json[at] == ':')) {
            at++;
        }
        uint64_t number = 0;
        size_t digits = 0;
        for (; at < length && json[at] >= '0' && json[at] <= '9' && digits < 9; at++, digits++) {
            number = number * 10 + (uint64_t)(json[at] - '0');
        }
        return digits ? number : otherwise;
    }
    return otherwise;
}

EXPORT(proxy_on_context_create) void on_context_create(uint32_t context, uint32_t parent) { reset_memory(); }

EXPORT(proxy_on_configure) int on_configure(uint32_t context, uint32_t length) {
    char *json = 0;
    size_t size = 0;
    proxy_get_buffer_bytes(PLUGIN_CONFIGURATION, 0, length, &json, &size);
    per_minute = number_of(json, size, "requests_per_minute", 60);
    burst = number_of(json, size, "burst_size", per_minute);
    if (per_minute == 0 || burst == 0) {
        log_text(LOG_ERROR, "requests_per_minute and burst_size have to be at least 1");
        return 0;
    }
    return 1;
}

// Takes a token; returns whether there was one.
static int take(const char *client, size_t length) {
    uint64_t now = 0;
    proxy_get_current_time_nanoseconds(&now);
    for (int i = 0; i < TRIES; i++) {
        char *value = 0;
        size_t size = 0;
        uint32_t cas = 0;
        struct bucket bucket = {burst * MINUTE, now};
        if (proxy_get_shared_data(client, length, &value, &size, &cas) == STATUS_OK && size == sizeof bucket) {
            bucket = *(struct bucket *)value;
            uint64_t passed = now > bucket.time ? now - bucket.time : 0;
            if (passed > MINUTE * burst / per_minute + MINUTE) {
                bucket.tokens = burst * MINUTE;
            } else {
                bucket.tokens += passed * per_minute;
            }
            if (bucket.tokens > burst * MINUTE) {
                bucket.tokens = burst * MINUTE;
            }
            bucket.time = now;
        }
        int allowed = bucket.tokens >= MINUTE;
        if (allowed) {
            bucket.tokens -= MINUTE;
        }
        if (proxy_set_shared_data(client, length, (char *)&bucket, sizeof bucket, cas) != STATUS_CAS_MISMATCH) {
            return allowed;
        }
    }
    return 0; // others have been faster each time: there is too much going on
}

// Returns the length of an address without its port.
static size_t without_port(const char *address, size_t length) {
    for (size_t i = length; i > 0; i--) {
        if (address[i - 1] == ':') {
            return i - 1;
        }
    }
    return length;
}

EXPORT(proxy_on_request_headers) int on_request_headers(uint32_t context, uint32_t count, uint32_t end) {
    char *client = 0;
    size_t length = 0;
    reset_memory();
    if (proxy_get_property("source\0address", 14, &client, &length) != STATUS_OK) {
        return ACTION_CONTINUE;
    }
    if (take(client, without_port(client, length))) {
        return ACTION_CONTINUE;
    }
    const char *fields[] = {"retry-after", "1", "content-type", "text/plain", 0};
    size_t size = 0;
    char *pairs = make_pairs(fields, &size);
    proxy_send_local_response(429, "limited", 7, "429 Too Many Requests\n", 22, pairs, size, 8);
    return ACTION_PAUSE;
}
