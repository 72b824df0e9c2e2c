package io.lb4j.plugins.wasm;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a plugin's guest, and its host on its behalf, write to the log from level INFO on. Thread-safe. */
final class GuestLog implements AutoCloseable {
    private final Logger logger;
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final Appender<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            line.prepareForDeferredProcessing(); // with the name of the thread that writes it
            lines.add(line);
        }
    };

    private GuestLog(Logger logger) {
        this.logger = logger;
    }

    static GuestLog of(String plugin) {
        GuestLog log = new GuestLog((Logger) LoggerFactory.getLogger("io.lb4j.plugins.wasm.guest." + plugin));
        log.logger.setLevel(Level.INFO);
        log.appender.start();
        log.logger.addAppender(log.appender);
        return log;
    }

    List<ILoggingEvent> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
