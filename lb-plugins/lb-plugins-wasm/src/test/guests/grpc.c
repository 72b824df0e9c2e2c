// A guest that asks a service over gRPC before it lets a request go on: by a call, or by a stream if x-do is "stream".
#include "proxy_wasm.h"

HOST(proxy_grpc_call)(const char *cluster, size_t cluster_length, const char *service, size_t service_length, const char *method, size_t method_length,
                      const char *metadata, size_t metadata_length, const char *message, size_t message_length, uint32_t timeout, uint32_t *call);
HOST(proxy_grpc_stream)(const char *cluster, size_t cluster_length, const char *service, size_t service_length, const char *method, size_t method_length,
                        const char *metadata, size_t metadata_length, uint32_t *stream);
HOST(proxy_grpc_send)(uint32_t stream, const char *message, size_t message_length, int end);
HOST(proxy_grpc_cancel)(uint32_t call);
HOST(proxy_get_header_map_size)(int map, size_t *size);

enum { GRPC_INITIAL = 4, GRPC_TRAILING = 5, GRPC_MESSAGE = 5 };

static uint32_t waiting;

static void tell(const char *name, uint64_t number) {
    char text[24];
    set_header(REQUEST_HEADERS, name, number_text(number, text + sizeof text));
}

EXPORT(proxy_on_context_create) void on_context_create(uint32_t context, uint32_t parent) { reset_memory(); }

EXPORT(proxy_on_request_headers) int on_request_headers(uint32_t context, uint32_t count, uint32_t end) {
    char *mode = 0;
    size_t length = 0;
    reset_memory();
    if (!get_header(REQUEST_HEADERS, "x-do", &mode, &length)) {
        return ACTION_CONTINUE;
    }
    const char *fields[] = {"x-meta", "data", 0};
    size_t size = 0;
    char *metadata = make_pairs(fields, &size);
    uint32_t number = 0;
    waiting = context;
    if (same(mode, length, "unknown")) {
        tell("x-status", proxy_grpc_call("nobody", 6, "s", 1, "m", 1, metadata, size, "", 0, 1000, &number));
        return ACTION_CONTINUE;
    }
    if (same(mode, length, "stream")) {
        int status = proxy_grpc_stream("grpc", 4, "pkg.Echo", 8, "Stream", 6, metadata, size, &number);
        status += proxy_grpc_send(number, "one", 3, 0);
        status += proxy_grpc_send(number, "two", 3, 1);
        tell("x-status", status);
    } else {
        tell("x-status", proxy_grpc_call("grpc", 4, "pkg.Echo", 8, "Say", 3, metadata, size, "ping", 4, 5000, &number));
    }
    return ACTION_PAUSE;
}

EXPORT(proxy_on_grpc_receive_initial_metadata) void on_initial(uint32_t root, uint32_t call, uint32_t count) {
    char *value = 0;
    size_t length = 0;
    reset_memory();
    proxy_set_effective_context(waiting);
    if (get_header(GRPC_INITIAL, "x-first", &value, &length)) {
        proxy_add_header_map_value(REQUEST_HEADERS, "x-initial", 9, value, length);
    }
}

EXPORT(proxy_on_grpc_receive) void on_receive(uint32_t root, uint32_t call, uint32_t length) {
    char *value = 0;
    size_t size = 0;
    reset_memory();
    proxy_set_effective_context(waiting);
    proxy_get_buffer_bytes(GRPC_MESSAGE, 0, length, &value, &size);
    proxy_add_header_map_value(REQUEST_HEADERS, "x-message", 9, value, size);
    char *mode = 0;
    if (get_header(REQUEST_HEADERS, "x-do", &mode, &size) && !same(mode, size, "stream")) {
        proxy_continue_stream(STREAM_REQUEST);
    }
}

EXPORT(proxy_on_grpc_receive_trailing_metadata) void on_trailing(uint32_t root, uint32_t call, uint32_t count) {
    char *value = 0;
    size_t length = 0;
    reset_memory();
    proxy_set_effective_context(waiting);
    if (get_header(GRPC_TRAILING, "x-last", &value, &length)) {
        proxy_add_header_map_value(REQUEST_HEADERS, "x-trailing", 10, value, length);
    }
}

EXPORT(proxy_on_grpc_close) void on_close(uint32_t root, uint32_t call, uint32_t status) {
    uint32_t code = 0;
    char *message = 0;
    size_t length = 0;
    reset_memory();
    proxy_set_effective_context(waiting);
    tell("x-closed", status);
    if (proxy_get_status(&code, &message, &length) == STATUS_OK && length) {
        proxy_add_header_map_value(REQUEST_HEADERS, "x-reason", 8, message, length);
    }
    proxy_continue_stream(STREAM_REQUEST);
}
