package io.lb4j.internal.proxy;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.Exchange;
import io.lb4j.exchange.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs faults of our own and of extensions, and what else exchanges have failed of: once, with the exchange they came up in. */
final class Faults {
    private static final Logger LOGGER = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    static void log(Exchange exchange, Throwable fault) {
        LogContext.of(
                exchange,
                () -> LOGGER.error(
                        "exchange {}: {} failed in a stage or an extension", exchange.id(), exchange.request(), fault));
    }

    /** Logs how an exchange has ended that failed; it is counted too, and may come a thousand times a second. */
    static void logEnd(Exchange exchange, ProxyException reason) {
        if (LOGGER.isDebugEnabled()) {
            LogContext.of(
                    exchange,
                    () -> LOGGER.debug(
                            "exchange {}: {} failed: {}: {}",
                            exchange.id(),
                            exchange.request(),
                            reason.kind().reason(),
                            reason.getMessage()));
        }
    }
}
