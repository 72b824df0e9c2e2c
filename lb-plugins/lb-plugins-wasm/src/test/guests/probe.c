// A guest that does what the field x-do of a request asks for, for the tests of the host.
#include "proxy_wasm.h"

enum { MODES = 4096 };
static char mode_of[MODES][16]; // by context
static uint32_t waiting;        // a context that pauses
static uint32_t calls[MODES];   // by call: the context that it was made for
static uint32_t metric;
static uint32_t queue;
static volatile uint32_t sink;

static void tell(int map, const char *name, uint64_t number) {
    char text[24];
    set_header(map, name, number_text(number, text + sizeof text));
}

static int is(uint32_t context, const char *mode) { return same(mode_of[context % MODES], length_of(mode_of[context % MODES]), mode); }

__attribute__((noinline)) static uint32_t recurse(uint32_t depth) {
    char room[64];
    room[depth % 64] = (char)depth;
    sink += room[0];
    return recurse(depth + 1) + room[depth % 64];
}

EXPORT(proxy_on_context_create) void on_context_create(uint32_t context, uint32_t parent) {
    reset_memory();
    mode_of[context % MODES][0] = 0;
}

EXPORT(proxy_on_vm_start) int on_vm_start(uint32_t context, uint32_t length) { return 1; }

EXPORT(proxy_on_configure) int on_configure(uint32_t context, uint32_t length) {
    char *text = 0;
    size_t size = 0;
    proxy_get_buffer_bytes(PLUGIN_CONFIGURATION, 0, length, &text, &size);
    if (same(text, size, "refuse")) {
        log_text(LOG_ERROR, "refuses its configuration");
        return 0;
    }
    if (same(text, size, "spin")) {
        for (;;) {
            sink++;
        }
    }
    proxy_define_metric(METRIC_COUNTER, "probe.calls", 11, &metric);
    proxy_register_shared_queue("jobs", 4, &queue);
    proxy_set_tick_period_milliseconds(20);
    return 1;
}

static int call_out(uint32_t context) {
    char *cluster = 0;
    size_t length = 0;
    get_header(REQUEST_HEADERS, "x-cluster", &cluster, &length);
    const char *fields[] = {":method", "POST", ":path", "/ask", ":authority", "guest", "x-from", "probe", 0};
    size_t size = 0;
    char *pairs = make_pairs(fields, &size);
    uint32_t call = 0;
    int status = proxy_http_call(cluster, length, pairs, size, "question", 8, "", 0, 3000, &call);
    if (status != STATUS_OK) {
        tell(REQUEST_HEADERS, "x-status", status);
        return ACTION_CONTINUE;
    }
    calls[call % MODES] = context;
    return ACTION_PAUSE;
}

static void count(void) {
    char *value = 0;
    size_t length = 0;
    uint32_t cas = 0;
    uint32_t number = 0;
    if (proxy_get_shared_data("count", 5, &value, &length, &cas) == STATUS_OK) {
        number = *(uint32_t *)value;
    }
    number++;
    int status = proxy_set_shared_data("count", 5, (char *)&number, 4, cas);
    tell(REQUEST_HEADERS, "x-count", number);
    tell(REQUEST_HEADERS, "x-status", status);
    tell(REQUEST_HEADERS, "x-mismatch", proxy_set_shared_data("count", 5, (char *)&number, 4, cas + 77));
}

static void property(void) {
    char *path = 0;
    size_t length = 0;
    char *value = 0;
    size_t size = 0;
    get_header(REQUEST_HEADERS, "x-prop", &path, &length);
    for (size_t i = 0; i < length; i++) {
        path[i] = path[i] == '.' ? 0 : path[i];
    }
    int status = proxy_get_property(path, length, &value, &size);
    tell(REQUEST_HEADERS, "x-status", status);
    if (status == STATUS_OK) {
        proxy_add_header_map_value(REQUEST_HEADERS, "x-value", 7, value, size);
    }
}

static int reply(const char *body) {
    const char *fields[] = {"x-reply", "probe", 0};
    size_t size = 0;
    char *pairs = make_pairs(fields, &size);
    return proxy_send_local_response(403, "denied", 6, body, length_of(body), pairs, size, -1);
}

// Tells the upstream what all fields are, each with its value, in one field.
static void list(void) {
    char *pairs = 0;
    size_t size = 0;
    proxy_get_header_map_pairs(REQUEST_HEADERS, &pairs, &size);
    uint32_t *lengths = (uint32_t *)pairs;
    size_t start = 4 + lengths[0] * 8;
    for (size_t i = start; i < size; i++) {
        pairs[i] = pairs[i] ? pairs[i] : '|';
    }
    proxy_replace_header_map_value(REQUEST_HEADERS, "x-list", 6, pairs + start, size - start);
}

EXPORT(proxy_on_request_headers) int on_request_headers(uint32_t context, uint32_t count_of_fields, uint32_t end) {
    char *mode = 0;
    size_t length = 0;
    reset_memory();
    proxy_increment_metric(metric, 1);
    if (!get_header(REQUEST_HEADERS, "x-do", &mode, &length) || length > 15) {
        return ACTION_CONTINUE;
    }
    for (size_t i = 0; i < length; i++) {
        mode_of[context % MODES][i] = mode[i];
    }
    mode_of[context % MODES][length] = 0;
    if (is(context, "add")) {
        set_header(REQUEST_HEADERS, "x-added", "1");
        tell(REQUEST_HEADERS, "x-fields", count_of_fields);
        proxy_remove_header_map_value(REQUEST_HEADERS, "x-secret", 8);
    } else if (is(context, "reply")) {
        reply("denied\n");
        return ACTION_PAUSE;
    } else if (is(context, "reply-twice")) {
        reply("first\n");
        reply("second\n");
        return ACTION_PAUSE;
    } else if (is(context, "loop")) {
        for (;;) {
            sink++;
        }
    } else if (is(context, "trap")) {
        __builtin_trap();
    } else if (is(context, "recurse")) {
        sink += recurse(0);
    } else if (is(context, "grow")) {
        while (__builtin_wasm_memory_grow(0, 1) != (size_t)-1) {
            sink++;
        }
        tell(REQUEST_HEADERS, "x-pages", __builtin_wasm_memory_size(0));
    } else if (is(context, "pause")) {
        waiting = context;
        return ACTION_PAUSE;
    } else if (is(context, "stuck")) {
        return ACTION_PAUSE;
    } else if (is(context, "crlf")) {
        tell(REQUEST_HEADERS, "x-status", proxy_add_header_map_value(REQUEST_HEADERS, "x-bad", 5, "a\r\nx-evil: 1", 12));
        tell(REQUEST_HEADERS, "x-status-name", proxy_add_header_map_value(REQUEST_HEADERS, "x bad", 5, "1", 1));
    } else if (is(context, "move")) {
        set_header(REQUEST_HEADERS, ":path", "/moved?to=here");
        set_header(REQUEST_HEADERS, ":authority", "b.example");
    } else if (is(context, "connect")) {
        set_header(REQUEST_HEADERS, ":method", "CONNECT");
    } else if (is(context, "unknown-pseudo")) {
        tell(REQUEST_HEADERS, "x-status", set_header(REQUEST_HEADERS, ":nonsense", "1"));
    } else if (is(context, "prop")) {
        property();
    } else if (is(context, "set-prop")) {
        proxy_set_property("mine", 4, "kept", 4);
        property();
    } else if (is(context, "call") || is(context, "call-loop")) {
        return call_out(context);
    } else if (is(context, "count")) {
        count();
    } else if (is(context, "enqueue")) {
        proxy_enqueue_shared_queue(queue, "job", 3);
        waiting = context;
        return ACTION_PAUSE;
    } else if (is(context, "metric")) {
        uint64_t value = 0;
        proxy_get_metric(metric, &value);
        tell(REQUEST_HEADERS, "x-metric", value);
        tell(REQUEST_HEADERS, "x-status", proxy_increment_metric(metric, -1));
        proxy_record_metric(metric, 100);
        tell(REQUEST_HEADERS, "x-status-record", proxy_record_metric(metric, -1));
    } else if (is(context, "log")) {
        log_text(LOG_WARN, "first line\nforged line");
    } else if (is(context, "close")) {
        proxy_close_stream(STREAM_REQUEST);
        return ACTION_PAUSE;
    } else if (is(context, "map")) {
        const char *fields[] = {":path", "/whole", "x-only", "1", "x-only", "2", 0};
        size_t size = 0;
        char *pairs = make_pairs(fields, &size);
        proxy_set_header_map_pairs(REQUEST_HEADERS, pairs, size);
    } else if (is(context, "compress")) {
        char text[3000];
        for (int i = 0; i < 3000; i++) {
            text[i] = 'a' + i % 3;
        }
        char *packed = 0;
        char *whole = 0;
        size_t packed_size = 0;
        size_t size = 0;
        int status = proxy_call_foreign_function("compress", 8, text, sizeof text, &packed, &packed_size);
        tell(REQUEST_HEADERS, "x-packed", packed_size);
        status = status * 10 + proxy_call_foreign_function("uncompress", 10, packed, packed_size, &whole, &size);
        tell(REQUEST_HEADERS, "x-whole", size * 1000 + (whole[0] == 'a') * 100 + (whole[2999] == 'c') * 10);
        status = status * 10 + proxy_call_foreign_function("uncompress", 10, packed, packed_size - 1, &whole, &size);
        status = status * 10 + proxy_call_foreign_function("uncompress", 10, text, sizeof text, &whole, &size);
        status = status * 10 + proxy_call_foreign_function("no_such", 7, text, sizeof text, &whole, &size);
        tell(REQUEST_HEADERS, "x-status", status);
    } else if (is(context, "bomb")) {
        char *zeros = (char *)(__builtin_wasm_memory_grow(0, 32) * 65536);
        for (;;) { // 2 MiB of them: each round costs the host some milliseconds
            size_t size = 0;
            char *packed = 0;
            proxy_call_foreign_function("compress", 8, zeros, 32 * 65536, &packed, &size);
            reset_memory();
        }
    } else if (is(context, "list")) {
        list();
    } else if (is(context, "disown")) {
        proxy_remove_header_map_value(REQUEST_HEADERS, "x-forwarded-for", 15);
        set_header(REQUEST_HEADERS, "x-forwarded-proto", "gopher");
        set_header(REQUEST_HEADERS, ":authority", "other.example");
        list();
    } else if (is(context, "no-map")) {
        char *pairs = (char *)1;
        size_t size = 1;
        int absent = proxy_get_header_map_pairs(RESPONSE_TRAILERS, &pairs, &size);
        tell(REQUEST_HEADERS, "x-status", absent * 10 + proxy_get_header_map_pairs(99, &pairs, &size));
        tell(REQUEST_HEADERS, "x-size", size + (size_t)pairs);
    } else if (is(context, "wrong-map")) {
        char *value = 0;
        tell(REQUEST_HEADERS, "x-status",
             proxy_get_header_map_value(RESPONSE_HEADERS, "a", 1, &value, &length) * 100 +
                 proxy_get_header_map_value(99, "a", 1, &value, &length) * 10 +
                 proxy_get_header_map_value(REQUEST_HEADERS, "no-such", 7, &value, &length));
    }
    return ACTION_CONTINUE;
}

static void upper(int buffer, uint32_t length) {
    char *bytes = 0;
    size_t size = 0;
    proxy_get_buffer_bytes(buffer, 0, length, &bytes, &size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = bytes[i] >= 'a' && bytes[i] <= 'z' ? bytes[i] - 32 : bytes[i];
    }
    proxy_set_buffer_bytes(buffer, 0, length, bytes, size);
}

EXPORT(proxy_on_request_body) int on_request_body(uint32_t context, uint32_t length, uint32_t end) {
    reset_memory();
    if (is(context, "upper")) {
        upper(REQUEST_BODY, length);
    } else if (is(context, "around")) {
        proxy_set_buffer_bytes(REQUEST_BODY, 0, 0, "<", 1);
        if (end) {
            proxy_set_buffer_bytes(REQUEST_BODY, 0xffffffff, 0, ">", 1);
        }
    } else if (is(context, "gather")) {
        if (!end) {
            return ACTION_PAUSE;
        }
        char text[24];
        const char *number = number_text(length, text + sizeof text);
        proxy_set_buffer_bytes(REQUEST_BODY, 0, length, number, length_of(number));
    } else if (is(context, "body-pause") && end) {
        waiting = context;
        return ACTION_PAUSE;
    } else if (is(context, "mid-pause") && !end) {
        waiting = context;
        return ACTION_PAUSE;
    } else if (is(context, "body-loop")) {
        for (;;) {
            sink++;
        }
    }
    return ACTION_CONTINUE;
}

EXPORT(proxy_on_request_trailers) int on_request_trailers(uint32_t context, uint32_t count_of_fields) {
    reset_memory();
    set_header(REQUEST_TRAILERS, "x-trailer-seen", "1");
    return ACTION_CONTINUE;
}

EXPORT(proxy_on_response_headers) int on_response_headers(uint32_t context, uint32_t count_of_fields, uint32_t end) {
    reset_memory();
    if (is(context, "add")) {
        char *status = 0;
        size_t length = 0;
        get_header(RESPONSE_HEADERS, ":status", &status, &length);
        proxy_add_header_map_value(RESPONSE_HEADERS, "x-seen-status", 13, status, length);
    } else if (is(context, "resp-trap")) {
        __builtin_trap();
    } else if (is(context, "resp-reply")) {
        reply("replaced\n");
        return ACTION_PAUSE;
    } else if (is(context, "resp-upper")) {
        proxy_remove_header_map_value(RESPONSE_HEADERS, "content-length", 14);
    } else if (is(context, "teapot")) {
        set_header(RESPONSE_HEADERS, ":status", "418");
    }
    return ACTION_CONTINUE;
}

EXPORT(proxy_on_response_body) int on_response_body(uint32_t context, uint32_t length, uint32_t end) {
    reset_memory();
    if (is(context, "resp-upper")) {
        upper(RESPONSE_BODY, length);
    }
    return ACTION_CONTINUE;
}

EXPORT(proxy_on_response_trailers) int on_response_trailers(uint32_t context, uint32_t count_of_fields) {
    set_header(RESPONSE_TRAILERS, "x-trailer-seen", "1");
    return ACTION_CONTINUE;
}

EXPORT(proxy_on_http_call_response) void on_http_call_response(uint32_t root, uint32_t call, uint32_t fields, uint32_t length, uint32_t trailers) {
    reset_memory();
    uint32_t context = calls[call % MODES];
    proxy_set_effective_context(context);
    if (is(context, "call-loop")) {
        for (;;) {
            sink++;
        }
    }
    char *status = 0;
    size_t size = 0;
    char *body = 0;
    tell(REQUEST_HEADERS, "x-call-fields", fields);
    if (get_header(CALL_HEADERS, ":status", &status, &size)) {
        proxy_add_header_map_value(REQUEST_HEADERS, "x-call-status", 13, status, size);
    }
    proxy_get_buffer_bytes(CALL_BODY, 0, length, &body, &size);
    proxy_add_header_map_value(REQUEST_HEADERS, "x-call-body", 11, body, size);
    proxy_continue_stream(STREAM_REQUEST);
}

static void let_go(const char *by) {
    if (waiting && proxy_set_effective_context(waiting) == STATUS_OK) {
        if (is(waiting, "body-pause")) {
            proxy_set_buffer_bytes(REQUEST_BODY, 0, 0xffff, by, length_of(by));
        } else if (!is(waiting, "mid-pause")) {
            set_header(REQUEST_HEADERS, "x-let-go", by);
        }
        proxy_continue_stream(STREAM_REQUEST);
    }
    waiting = 0;
}

EXPORT(proxy_on_queue_ready) void on_queue_ready(uint32_t root, uint32_t ready) {
    char *job = 0;
    size_t length = 0;
    reset_memory();
    if (proxy_dequeue_shared_queue(ready, &job, &length) == STATUS_OK && same(job, length, "job")) {
        let_go("queue");
    }
}

EXPORT(proxy_on_tick) void on_tick(uint32_t root) {
    reset_memory();
    if (waiting && !is(waiting, "enqueue")) {
        let_go("tick");
    }
}

EXPORT(proxy_on_done) int on_done(uint32_t context) {
    if (is(context, "late-done")) {
        proxy_done(); // void: it has not been put off yet
        return 1;
    }
    return 1;
}

EXPORT(proxy_on_log) void on_log(uint32_t context) {
    if (is(context, "log-end")) {
        char *status = 0;
        size_t length = 0;
        reset_memory();
        if (get_header(RESPONSE_HEADERS, ":status", &status, &length)) {
            proxy_log(LOG_WARN, status, length);
        }
    }
}

EXPORT(proxy_on_delete) void on_delete(uint32_t context) { mode_of[context % MODES][0] = 0; }
