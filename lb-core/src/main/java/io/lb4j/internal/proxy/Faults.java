package io.lb4j.internal.proxy;

import io.lb4j.exchange.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs faults of our own and of extensions: once, with the exchange they came up in. */
final class Faults {
    private static final Logger LOGGER = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    static void log(Exchange exchange, Throwable fault) {
        LOGGER.error("exchange {}: {} failed in a stage or an extension", exchange.id(), exchange.request(), fault);
    }
}
