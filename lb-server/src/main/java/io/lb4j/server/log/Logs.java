package io.lb4j.server.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.lb4j.server.admin.LogLevels;
import io.lb4j.server.config.LoggingOptions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The process's logs, on standard output. They are written by a thread of their own, so that nobody who logs waits for a terminal or a pipe; what finds more
 * than 8,192 messages waiting is lost. Thread-safe.
 */
public final class Logs implements LogLevels {
    private static final int WAITING = 8_192;

    /** For people: what the context says follows the message in brackets, if it says anything. */
    static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%replace( [%mdc]){' \\[\\]$', ''}%n";

    private final LoggerContext context;
    private final boolean isTerminal;
    private LoggingOptions.Format format = LoggingOptions.Format.AUTO; // guarded by this

    private Logs(LoggerContext context, boolean isTerminal) {
        this.context = context;
        this.isTerminal = isTerminal;
    }

    /**
     * Takes the process's logs over, those by {@code java.util.logging} as well: what was configured before is gone.
     *
     * @param isTerminal whether people read along
     */
    public static Logs open(boolean isTerminal) {
        Logs logs = new Logs((LoggerContext) LoggerFactory.getILoggerFactory(), isTerminal);
        synchronized (logs) {
            logs.writeAs(LoggingOptions.Format.AUTO);
            logs.root().setLevel(Level.INFO); // until a configuration says otherwise
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        return logs;
    }

    /** Has the process log nothing: what it prints is what it was asked for, and nothing else. */
    public static void silence() {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .setLevel(Level.OFF);
    }

    /** Logs as a configuration says; levels that were set by hand are gone. */
    public synchronized void apply(LoggingOptions options) {
        if (options.format() != format) {
            writeAs(options.format());
        }
        context.getLoggerList().forEach(logger -> {
            if (!logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME)) {
                logger.setLevel(null);
            }
        });
        root().setLevel(level(options.level()));
        options.levels().forEach((logger, level) -> context.getLogger(logger).setLevel(level(level)));
    }

    @Override
    public void set(String logger, String level) {
        context.getLogger(logger).setLevel(Level.toLevel(level));
    }

    @Override
    public Map<String, String> levels() {
        Map<String, String> levels = new TreeMap<>();
        for (Logger logger : context.getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(logger.getName(), logger.getLevel().toString().toLowerCase(Locale.ROOT));
            }
        }
        return levels;
    }

    /** Writes what waits, and ends. */
    public void close() {
        context.stop();
    }

    private void writeAs(LoggingOptions.Format wanted) {
        format = wanted;
        boolean isAutoText = wanted == LoggingOptions.Format.AUTO && isTerminal;
        boolean isText = isAutoText || wanted == LoggingOptions.Format.TEXT;
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(isText ? textEncoder() : jsonEncoder());
        console.start();
        AsyncAppender patient = new AsyncAppender();
        patient.setContext(context);
        patient.setQueueSize(WAITING);
        patient.setDiscardingThreshold(0);
        patient.setNeverBlock(true);
        patient.addAppender(console);
        patient.start();
        Logger root = root();
        root.detachAndStopAllAppenders();
        root.addAppender(patient);
    }

    private Encoder<ILoggingEvent> textEncoder() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        return encoder;
    }

    private Encoder<ILoggingEvent> jsonEncoder() {
        JsonLayout layout = new JsonLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }

    private Logger root() {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static Level level(LoggingOptions.Level level) {
        return Level.toLevel(level.name());
    }
}
