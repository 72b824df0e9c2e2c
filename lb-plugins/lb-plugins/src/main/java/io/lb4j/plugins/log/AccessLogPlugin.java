package io.lb4j.plugins.log;

import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.lb4j.stats.AccessRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Logs exchanges that have ended. Lines are made on event loops, and written by a thread of the plugin's own. Thread-safe. */
final class AccessLogPlugin extends BuiltIn implements Filter {
    private final Settings settings;
    private final LogLine line;
    private final Redaction redaction;
    private final List<SampleRule> rules;
    private @Nullable LineQueue queue; // written at the start

    AccessLogPlugin(Settings settings) {
        super(AccessLogOptions.SECTION);
        this.settings = settings;
        Optional<PatternLine> pattern = settings.find(AccessLogOptions.PATTERN);
        line = pattern.isPresent() ? pattern.get() : new JsonLine(settings.value(AccessLogOptions.FIELDS));
        redaction = new Redaction(
                settings.value(AccessLogOptions.REDACT),
                settings.value(AccessLogOptions.REDACT_QUERY),
                settings.value(AccessLogOptions.QUERY));
        rules = settings.value(AccessLogOptions.SAMPLES).stream()
                .map(SampleRule::new)
                .toList();
    }

    @Override
    protected void begin(PluginContext context) {
        PluginContext.Metric dropped = context.metric("dropped");
        queue = new LineQueue(settings.value(AccessLogOptions.QUEUE), output(), context.scheduler(), dropped::add);
    }

    private LineOutput output() {
        Optional<Path> path = settings.find(AccessLogOptions.FILE);
        if (path.isEmpty()) {
            return new LoggerOutput(LoggerFactory.getLogger(settings.value(AccessLogOptions.LOGGER)));
        }
        FileOutput file = new FileOutput(
                path.get(), settings.value(AccessLogOptions.MAX_SIZE), settings.value(AccessLogOptions.MAX_FILES));
        try {
            file.open();
        } catch (IOException e) {
            throw new IllegalArgumentException("file: " + path.get() + " cannot be written to: " + e.getMessage(), e);
        }
        return file;
    }

    @Override
    public Type type() {
        return Type.ACCESS;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return this;
    }

    @Override
    public void onEnd(FilterExchange exchange) {
        LineQueue open = queue;
        AccessRecord access = exchange.access();
        if (open != null && isSampled(access)) {
            open.offer(line.of(new LogField.Entry(exchange, access, redaction)));
        }
    }

    private boolean isSampled(AccessRecord access) {
        for (SampleRule rule : rules) {
            if (rule.isFor(access)) {
                return ThreadLocalRandom.current().nextDouble() < rule.share();
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (queue != null) {
            queue.close();
        }
    }
}
