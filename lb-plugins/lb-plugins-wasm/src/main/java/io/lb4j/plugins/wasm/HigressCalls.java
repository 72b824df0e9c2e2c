package io.lb4j.plugins.wasm;

import static io.lb4j.plugins.wasm.HostCall.proxy;

import java.util.List;

/**
 * Functions that Higress has added to proxy-wasm. Its SDK has plugins import them that may never come to call them; whoever does is told that there is no such thing here.
 */
final class HigressCalls {
    static final List<HostCall<ProxyGuest>> ALL = List.of(
            absent("get_upstream_hosts", "ii"),
            absent("inject_encoded_data_to_filter_chain", "iii"),
            absent("redis_call", "iiiii"),
            absent("redis_init", "iiiiiii"),
            absent("set_upstream_override_host", "ii"));

    private HigressCalls() {}

    private static HostCall<ProxyGuest> absent(String name, String parameters) {
        return proxy(name, parameters, (guest, arguments) -> {
            Logs.note(guest, "call of proxy_" + name + " refused: it is Higress's, and not here");
            return Status.UNIMPLEMENTED;
        });
    }
}
