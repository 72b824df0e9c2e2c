// The part of proxy-wasm 0.2.1 that plugins in C need most, for clang without a C library. Each function of the host answers a status: 0 is good.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HOST(name) __attribute__((import_module("env"), import_name(#name))) int name
#define EXPORT(name) __attribute__((export_name(#name)))

enum { STATUS_OK = 0, STATUS_NOT_FOUND = 1, STATUS_BAD_ARGUMENT = 2, STATUS_CAS_MISMATCH = 8 };
enum { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum { ACTION_CONTINUE, ACTION_PAUSE };
enum { REQUEST_HEADERS, REQUEST_TRAILERS, RESPONSE_HEADERS, RESPONSE_TRAILERS, CALL_HEADERS = 6 };
enum { REQUEST_BODY, RESPONSE_BODY, CALL_BODY = 4, VM_CONFIGURATION = 6, PLUGIN_CONFIGURATION = 7 };
enum { STREAM_REQUEST, STREAM_RESPONSE };
enum { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

HOST(proxy_log)(int level, const char *text, size_t length);
HOST(proxy_get_header_map_value)(int map, const char *name, size_t name_length, char **value, size_t *value_length);
HOST(proxy_add_header_map_value)(int map, const char *name, size_t name_length, const char *value, size_t value_length);
HOST(proxy_replace_header_map_value)(int map, const char *name, size_t name_length, const char *value, size_t value_length);
HOST(proxy_remove_header_map_value)(int map, const char *name, size_t name_length);
HOST(proxy_get_header_map_pairs)(int map, char **pairs, size_t *length);
HOST(proxy_set_header_map_pairs)(int map, const char *pairs, size_t length);
HOST(proxy_get_buffer_bytes)(int buffer, size_t start, size_t length, char **bytes, size_t *bytes_length);
HOST(proxy_set_buffer_bytes)(int buffer, size_t start, size_t length, const char *bytes, size_t bytes_length);
HOST(proxy_get_property)(const char *path, size_t path_length, char **value, size_t *value_length);
HOST(proxy_set_property)(const char *path, size_t path_length, const char *value, size_t value_length);
HOST(proxy_send_local_response)(int status, const char *details, size_t details_length, const char *body, size_t body_length,
                                const char *headers, size_t headers_length, int grpc_status);
HOST(proxy_continue_stream)(int stream);
HOST(proxy_close_stream)(int stream);
HOST(proxy_set_effective_context)(uint32_t context);
HOST(proxy_done)(void);
HOST(proxy_set_tick_period_milliseconds)(uint32_t period);
HOST(proxy_get_current_time_nanoseconds)(uint64_t *time);
HOST(proxy_get_shared_data)(const char *key, size_t key_length, char **value, size_t *value_length, uint32_t *cas);
HOST(proxy_set_shared_data)(const char *key, size_t key_length, const char *value, size_t value_length, uint32_t cas);
HOST(proxy_register_shared_queue)(const char *name, size_t name_length, uint32_t *queue);
HOST(proxy_enqueue_shared_queue)(uint32_t queue, const char *value, size_t value_length);
HOST(proxy_dequeue_shared_queue)(uint32_t queue, char **value, size_t *value_length);
HOST(proxy_define_metric)(int type, const char *name, size_t name_length, uint32_t *metric);
HOST(proxy_increment_metric)(uint32_t metric, int64_t amount);
HOST(proxy_record_metric)(uint32_t metric, uint64_t value);
HOST(proxy_get_metric)(uint32_t metric, uint64_t *value);
HOST(proxy_http_call)(const char *cluster, size_t cluster_length, const char *headers, size_t headers_length, const char *body, size_t body_length,
                      const char *trailers, size_t trailers_length, uint32_t timeout, uint32_t *call);
HOST(proxy_call_foreign_function)(const char *name, size_t name_length, const char *given, size_t given_length, char **result, size_t *result_length);
HOST(proxy_get_status)(uint32_t *code, char **message, size_t *message_length);

static inline size_t length_of(const char *text) {
    size_t length = 0;
    while (text[length]) {
        length++;
    }
    return length;
}

static inline int same(const char *octets, size_t length, const char *text) {
    for (size_t i = 0; i < length; i++) {
        if (text[i] == 0 || octets[i] != text[i]) {
            return 0;
        }
    }
    return text[length] == 0;
}

// What the host hands over lies here until the next callback begins: reset_memory() makes room again.
#define ARENA (256 * 1024)
static char arena[ARENA];
static size_t arena_used;

static inline void reset_memory(void) { arena_used = 0; }

EXPORT(proxy_on_memory_allocate) char *allocate(size_t length) {
    size_t start = (arena_used + 7) & ~(size_t)7;
    if (length > ARENA || start > ARENA - length) {
        return 0;
    }
    arena_used = start + length;
    return arena + start;
}

static inline void log_text(int level, const char *text) { proxy_log(level, text, length_of(text)); }

// Finds a field; returns whether it is there.
static inline int get_header(int map, const char *name, char **value, size_t *length) {
    return proxy_get_header_map_value(map, name, length_of(name), value, length) == STATUS_OK;
}

static inline int set_header(int map, const char *name, const char *value) {
    return proxy_replace_header_map_value(map, name, length_of(name), value, length_of(value));
}

// Makes a map of pairs of texts, ended by a null pointer, for functions that take one.
static inline char *make_pairs(const char *const *texts, size_t *length) {
    uint32_t count = 0;
    size_t octets = 4;
    for (size_t i = 0; texts[i]; i += 2) {
        count++;
        octets += 8 + length_of(texts[i]) + 1 + length_of(texts[i + 1]) + 1;
    }
    char *pairs = allocate(octets);
    uint32_t *sizes = (uint32_t *)pairs;
    *sizes++ = count;
    for (size_t i = 0; texts[i]; i++) {
        *sizes++ = length_of(texts[i]);
    }
    char *at = (char *)sizes;
    for (size_t i = 0; texts[i]; i++) {
        for (const char *c = texts[i]; *c; c++) {
            *at++ = *c;
        }
        *at++ = 0;
    }
    *length = octets;
    return pairs;
}

static inline char *number_text(uint64_t number, char *end) {
    *--end = 0;
    do {
        *--end = '0' + number % 10;
        number /= 10;
    } while (number);
    return end;
}

EXPORT(proxy_abi_version_0_2_1) void abi_version(void) {}
