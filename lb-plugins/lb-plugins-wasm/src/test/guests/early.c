// A guest that calls a cluster as soon as it is configured, and tells requests what has come of it.
#include "proxy_wasm.h"

static char status[8] = "none";

EXPORT(proxy_on_configure) int on_configure(uint32_t context, uint32_t length) {
    const char *fields[] = {":method", "GET", ":path", "/early", ":authority", "a", 0};
    size_t size = 0;
    uint32_t call = 0;
    reset_memory();
    char *pairs = make_pairs(fields, &size);
    return proxy_http_call("api", 3, pairs, size, "", 0, "", 0, 10000, &call) == STATUS_OK;
}

EXPORT(proxy_on_http_call_response) void on_http_call_response(uint32_t root, uint32_t call, uint32_t fields, uint32_t length, uint32_t trailers) {
    char *value = 0;
    size_t size = 0;
    reset_memory();
    const char *found = get_header(CALL_HEADERS, ":status", &value, &size) ? value : "gone";
    for (int i = 0; i < 4; i++) {
        status[i] = i < 3 || found != value ? found[i] : 0;
    }
}

EXPORT(proxy_on_request_headers) int on_request_headers(uint32_t context, uint32_t count, uint32_t end) {
    reset_memory();
    set_header(REQUEST_HEADERS, "x-early", status);
    return ACTION_CONTINUE;
}
