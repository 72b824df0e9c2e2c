package io.lb4j.it.plugins;

import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.spi.PluginContext;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A plugin that does what a test wants, and counts what is done to it. */
final class ProbePlugin implements Plugin {
    private final String name;
    private final Function<FilterExchange, Filter> filters;
    private final AtomicInteger inits = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicReference<Optional<PluginContext>> context = new AtomicReference<>(Optional.empty());
    private final AtomicReference<String> closedBy = new AtomicReference<>("");
    private Type type = Type.BOTH;
    private int priority;

    private ProbePlugin(String name, Function<FilterExchange, Filter> filters) {
        this.name = name;
        this.filters = filters;
    }

    /** Makes a plugin whose exchanges all have this filter. */
    static ProbePlugin of(String name, Filter filter) {
        return new ProbePlugin(name, exchange -> filter);
    }

    /** Makes a plugin with a filter for each exchange. */
    static ProbePlugin perExchange(String name, Function<FilterExchange, Filter> filters) {
        return new ProbePlugin(name, filters);
    }

    ProbePlugin type(Type newType) {
        type = newType;
        return this;
    }

    ProbePlugin priority(int newPriority) {
        priority = newPriority;
        return this;
    }

    int inits() {
        return inits.get();
    }

    int closes() {
        return closes.get();
    }

    String closedBy() {
        return closedBy.get();
    }

    PluginContext context() {
        return context.get().orElseThrow();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public int priority() {
        return priority;
    }

    @Override
    public void init(PluginContext given) {
        if (given.config().containsKey("wrong")) {
            throw new IllegalArgumentException("config.wrong: there (expected: not there)");
        }
        context.set(Optional.of(given));
        inits.incrementAndGet();
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return filters.apply(exchange);
    }

    @Override
    public void close() {
        closedBy.set(Thread.currentThread().getName());
        closes.incrementAndGet();
    }
}
