package io.lb4j.internal.proxy;

import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;

/** What a plugin wants pushed to a client: the request as the client would make it, and only of the host that it has asked already. */
final class PushedRequest {
    private PushedRequest() {}

    /** Promises it to the exchange's client; returns whether that was possible. */
    static boolean promise(ProxyExchange exchange, RequestHead promised) {
        String host = exchange.askedAuthority();
        if (exchange.isPush()
                || host.isEmpty()
                || !(promised.authority().isEmpty() || promised.authority().equalsIgnoreCase(host))) {
            return false;
        }
        RequestHead whole = promised.copy()
                .version(exchange.connection().version())
                .scheme(exchange.request.scheme())
                .authority(host);
        whole.fields().remove(FieldName.HOST); // said by the authority
        return exchange.stream.push(whole);
    }
}
