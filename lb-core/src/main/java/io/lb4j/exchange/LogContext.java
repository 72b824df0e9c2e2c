package io.lb4j.exchange;

import io.lb4j.model.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.MDC;

/**
 * What lines of a log that concern an exchange say beside their message: {@link #EXCHANGE}, and so far as they are known {@link #ROUTE}, {@link #CLUSTER} and
 * {@link #ENDPOINT}, in SLF4J's mapped diagnostic context. It is there while something is logged, and at no other time: an exchange of which nothing is logged
 * pays nothing for it.
 *
 * <pre>{@code
 * LogContext.of(exchange, () -> LOGGER.warn("the token cannot be checked", e));
 * }</pre>
 */
public final class LogContext {
    /** The key of {@link Exchange#id()}. */
    public static final String EXCHANGE = "exchange";

    /** The key of the route's name. */
    public static final String ROUTE = "route";

    /** The key of the cluster's name. */
    public static final String CLUSTER = "cluster";

    /** The key of the endpoint's address. */
    public static final String ENDPOINT = "endpoint";

    private final List<Runnable> undo = new ArrayList<>(4);

    private LogContext() {}

    /**
     * Does what logs, in the context of an exchange. What the context was before it is again afterwards. Confined to the exchange's event loop.
     *
     * @param exchange that the lines are about
     * @param logging is run at once, by this thread; what it throws is thrown
     */
    public static void of(Exchange exchange, Runnable logging) {
        LogContext context = new LogContext();
        context.put(EXCHANGE, Optional.of(Long.toString(exchange.id())));
        context.put(ROUTE, exchange.route());
        context.put(CLUSTER, exchange.cluster());
        context.put(ENDPOINT, exchange.endpoint().map(Endpoint::address));
        try {
            logging.run();
        } finally {
            context.undo.forEach(Runnable::run);
        }
    }

    private void put(String key, Optional<String> value) {
        String before = MDC.get(key);
        undo.add(before == null ? () -> MDC.remove(key) : () -> MDC.put(key, before));
        value.ifPresentOrElse(text -> MDC.put(key, text), () -> MDC.remove(key));
    }
}
