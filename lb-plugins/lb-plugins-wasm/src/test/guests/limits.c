// A guest that goes as far as the field x-number of a request says: what it does is in x-do. It tells the last status, and how often it was 0.
#include "proxy_wasm.h"

#define MEBIBYTES_16 (16 << 20)

HOST(proxy_grpc_call)(const char *cluster, size_t cluster_length, const char *service, size_t service_length, const char *method, size_t method_length,
                      const char *metadata, size_t metadata_length, const char *message, size_t message_length, uint32_t timeout, uint32_t *call);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write"))) int fd_write(int descriptor, const uint32_t *parts, int count, uint32_t *written);

static char large[MEBIBYTES_16 + 16];
static uint32_t number;
static int grows;
static int body_status;
static int mode_figures;
static int mode_calls;
static int mode_large;
static int mode_grpc;
static int mode_output;
static uint32_t parts[2048];

static uint32_t number_of(const char *digits, size_t length) {
    uint32_t found = 0;
    for (size_t i = 0; i < length; i++) {
        found = found * 10 + (uint32_t)(digits[i] - '0');
    }
    return found;
}

static void tell(int map, const char *name, uint64_t value) {
    char text[24];
    set_header(map, name, number_text(value, text + sizeof text));
}

static int one(uint32_t i) {
    uint32_t made = 0;
    if (mode_figures) {
        char text[24];
        const char *name = number_text(i, text + sizeof text);
        return proxy_define_metric(METRIC_HISTOGRAM, name, length_of(name), &made);
    }
    if (mode_calls) {
        const char *fields[] = {":method", "GET", ":path", "/", ":authority", "a", 0};
        size_t size = 0;
        reset_memory();
        char *pairs = make_pairs(fields, &size);
        return proxy_http_call("silent", 6, pairs, size, large, mode_large ? 15 << 20 : 0, "", 0, 60000, &made);
    }
    if (mode_grpc) {
        return proxy_grpc_call("silent", 6, "s", 1, "m", 1, "", 0, large, 15 << 20, 60000, &made);
    }
    if (mode_output) {
        for (int part = 0; part < 1024; part++) {
            parts[2 * part] = (uint32_t)large;
            parts[2 * part + 1] = MEBIBYTES_16;
        }
        return fd_write(1, parts, 1024, &made);
    }
    return proxy_set_tick_period_milliseconds(0);
}

EXPORT(proxy_on_context_create) void on_context_create(uint32_t context, uint32_t parent) { reset_memory(); }

EXPORT(proxy_on_request_headers) int on_request_headers(uint32_t context, uint32_t count, uint32_t end) {
    char *text = 0;
    size_t length = 0;
    reset_memory();
    number = get_header(REQUEST_HEADERS, "x-number", &text, &length) ? number_of(text, length) : 0;
    if (!get_header(REQUEST_HEADERS, "x-do", &text, &length)) {
        return ACTION_CONTINUE;
    }
    grows = same(text, length, "body");
    if (grows) {
        proxy_remove_header_map_value(REQUEST_HEADERS, "content-length", 14);
        return ACTION_CONTINUE;
    }
    mode_figures = same(text, length, "figures");
    mode_large = same(text, length, "large");
    mode_calls = mode_large || same(text, length, "calls");
    mode_grpc = same(text, length, "grpc");
    mode_output = same(text, length, "output");
    int status = 0;
    uint32_t good = 0;
    for (uint32_t i = 0; i < number; i++) {
        status = one(i);
        good += status == STATUS_OK;
    }
    tell(REQUEST_HEADERS, "x-status", (uint64_t)status);
    tell(REQUEST_HEADERS, "x-good", good);
    return ACTION_CONTINUE;
}

EXPORT(proxy_on_request_body) int on_request_body(uint32_t context, uint32_t length, uint32_t end) {
    if (grows) {
        body_status = proxy_set_buffer_bytes(REQUEST_BODY, 0, length, large, number);
        proxy_set_buffer_bytes(REQUEST_BODY, 0, 0xffffffff, "small", 5);
    }
    return ACTION_CONTINUE;
}

EXPORT(proxy_on_response_headers) int on_response_headers(uint32_t context, uint32_t count, uint32_t end) {
    if (grows) {
        tell(RESPONSE_HEADERS, "x-body-status", (uint64_t)body_status);
    }
    return ACTION_CONTINUE;
}
