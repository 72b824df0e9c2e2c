// Lets so many requests of a client through in a minute, and so many at once: a bucket of tokens for each address, shared by all instances.
// Buckets lie in 65,536 places. An address has eight of them to choose from; a bucket that is full again says nothing, and makes room for
// another. Where eight are in use by others the one that is nearest to full does.
// Configuration: {"requests_per_minute": 60, "burst_size": 10}; without a burst size as many as in a minute may come at once.
#include "proxy_wasm.h"

#define MINUTE 60000000000ULL
#define TRIES 10
#define PLACES 8
#define MOST 100000000 // whose sixty-billionths fit into a number

static uint64_t per_minute = 60;
static uint64_t burst = 0;

// What is kept of a client: whose it is, tokens in sixty-billionths, and when they were counted.
struct bucket {
    uint64_t client;
    uint64_t tokens;
    uint64_t time;
};

// A bucket, and where it lies.
struct place {
    struct bucket bucket;
    uint16_t key;
    uint32_t cas;
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
    if (per_minute == 0 || burst == 0 || per_minute > MOST || burst > MOST) {
        log_text(LOG_ERROR, "requests_per_minute and burst_size have to be from 1 to 100000000");
        return 0;
    }
    return 1;
}

// FNV-1a.
static uint64_t hash_of(const char *octets, size_t length) {
    uint64_t hash = 14695981039346656037ULL;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)octets[i]) * 1099511628211ULL;
    }
    return hash;
}

static void refill(struct bucket *bucket, uint64_t now) {
    uint64_t passed = now > bucket->time ? now - bucket->time : 0;
    uint64_t full = burst * MINUTE;
    if (passed > full / per_minute || bucket->tokens + passed * per_minute > full) {
        bucket->tokens = full;
    } else {
        bucket->tokens += passed * per_minute;
    }
    bucket->time = now;
}

// Finds a client's bucket, or a place for it.
static struct place find(uint64_t client, uint64_t now) {
    struct place best;
    int found = 0;
    for (int i = 0; i < PLACES; i++) {
        struct place place = {{client, burst * MINUTE, now}, (uint16_t)(client >> (i * 7)), 0};
        struct bucket *kept = 0;
        size_t size = 0;
        reset_memory();
        if (proxy_get_shared_data((char *)&place.key, sizeof place.key, (char **)&kept, &size, &place.cas) == STATUS_OK && size == sizeof *kept) {
            place.bucket = *kept;
            refill(&place.bucket, now);
        }
        if (place.bucket.client == client && place.cas) {
            return place;
        }
        if (!found || place.bucket.tokens > best.bucket.tokens) {
            best = place;
            found = 1;
        }
    }
    best.bucket = (struct bucket){client, burst * MINUTE, now};
    return best;
}

// Takes a token; returns whether there was one.
static int take(uint64_t client) {
    uint64_t now = 0;
    proxy_get_current_time_nanoseconds(&now);
    for (int i = 0; i < TRIES; i++) {
        struct place place = find(client, now);
        int allowed = place.bucket.tokens >= MINUTE;
        if (allowed) {
            place.bucket.tokens -= MINUTE;
        }
        if (proxy_set_shared_data((char *)&place.key, sizeof place.key, (char *)&place.bucket, sizeof place.bucket, place.cas) != STATUS_CAS_MISMATCH) {
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
    if (take(hash_of(client, without_port(client, length)))) {
        return ACTION_CONTINUE;
    }
    const char *fields[] = {"retry-after", "1", "content-type", "text/plain", 0};
    size_t size = 0;
    char *pairs = make_pairs(fields, &size);
    proxy_send_local_response(429, "limited", 7, "429 Too Many Requests\n", 22, pairs, size, 8);
    return ACTION_PAUSE;
}
