package io.lb4j.internal.proxy;

import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The client of an exchange, of whom the request's fields tell already: a filter wanted to see them. Immutable.
 *
 * @param address who it is, whatever filters make of the fields
 */
record ToldClient(Optional<InetAddress> address) {
    /** Puts the fields that tell of the client into the request's head, once. */
    static void tell(ProxyExchange exchange) {
        if (exchange.told == null) {
            exchange.told = new ToldClient(exchange.clientAddress());
            exchange.conductor.forwarding().tell(exchange.request, exchange.listener.forwarding());
            tellIfEarly(exchange, exchange.request);
        }
    }

    /** Changes the request's head, or a copy of it, into the one that is forwarded. What filters have made of the fields stays. */
    static void prepare(ProxyExchange exchange, RequestHead head) {
        if (exchange.told == null) {
            exchange.conductor.forwarding().prepare(head, exchange.listener.forwarding());
        } else {
            HopByHop.strip(head.fields());
        }
        tellIfEarly(exchange, head);
    }

    private static void tellIfEarly(ProxyExchange exchange, RequestHead head) {
        if (exchange.isEarly && !head.fields().contains(FieldName.EARLY_DATA)) {
            head.fields().add(FieldName.EARLY_DATA, "1"); // RFC 8470 §5.1
        }
    }
}
