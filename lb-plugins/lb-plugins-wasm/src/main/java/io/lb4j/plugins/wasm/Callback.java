package io.lb4j.plugins.wasm;

/** What a guest of proxy-wasm may export to be called. The first argument is a context, but for {@link #ALLOCATE} and {@link #MALLOC}. */
enum Callback {
    ALLOCATE("proxy_on_memory_allocate", "i>i"),
    MALLOC("malloc", "i>i"),
    CONTEXT_CREATE("proxy_on_context_create", "ii>"),
    VM_START("proxy_on_vm_start", "ii>i"),
    CONFIGURE("proxy_on_configure", "ii>i"),
    TICK("proxy_on_tick", "i>"),
    REQUEST_HEADERS("proxy_on_request_headers", "iii>i"),
    REQUEST_BODY("proxy_on_request_body", "iii>i"),
    REQUEST_TRAILERS("proxy_on_request_trailers", "ii>i"),
    RESPONSE_HEADERS("proxy_on_response_headers", "iii>i"),
    RESPONSE_BODY("proxy_on_response_body", "iii>i"),
    RESPONSE_TRAILERS("proxy_on_response_trailers", "ii>i"),
    HTTP_CALL_RESPONSE("proxy_on_http_call_response", "iiiii>"),
    GRPC_INITIAL_METADATA("proxy_on_grpc_receive_initial_metadata", "iii>"),
    GRPC_RECEIVE("proxy_on_grpc_receive", "iii>"),
    GRPC_TRAILING_METADATA("proxy_on_grpc_receive_trailing_metadata", "iii>"),
    GRPC_CLOSE("proxy_on_grpc_close", "iii>"),
    QUEUE_READY("proxy_on_queue_ready", "ii>"),
    FOREIGN_FUNCTION("proxy_on_foreign_function", "iii>"),
    DONE("proxy_on_done", "i>i"),
    LOG("proxy_on_log", "i>"),
    DELETE("proxy_on_delete", "i>");

    private final String export;
    private final String signature;

    Callback(String export, String signature) {
        this.export = export;
        this.signature = signature;
    }

    String export() {
        return export;
    }

    String signature() {
        return signature;
    }
}
