package io.lb4j.internal.proxy;

import io.lb4j.exchange.Stage;
import io.lb4j.internal.snapshot.ListenerRules;

/** The books of all who have had a part in an exchange. */
final class Books {
    private Books() {}

    /** Enters an exchange that has ended. */
    static void enter(ExchangeFacts exchange, ListenerRules listener, LoopRuntime runtime) {
        runtime.reached(exchange, Stage.ENDED);
        int loop = runtime.loop().index();
        listener.traffic().ended(loop, exchange);
        if (exchange.route != null) {
            exchange.route.traffic().ended(loop, exchange);
        }
        if (exchange.cluster != null) {
            exchange.cluster.traffic().ended(loop, exchange);
        }
        exchange.tries.book(loop, exchange);
        runtime.recorder().ended(exchange);
        if (exchange.failure != null) {
            Faults.logEnd(exchange, exchange.failure);
        }
    }
}
