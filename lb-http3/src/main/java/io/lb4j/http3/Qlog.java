package io.lb4j.http3;

import io.lb4j.config.Option;
import io.lb4j.config.Settings;
import io.netty.handler.codec.quic.QLogConfiguration;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What connections say of themselves in files of qlog (draft-ietf-quic-qlog-main-schema), one for each, until so many were begun: what a file
 * grows to nobody bounds but the connection's end. Thread-safe.
 */
final class Qlog {
    private final Optional<Path> directory;
    private final AtomicInteger left;
    private final String title;

    /**
     * Reads what the configuration says.
     *
     * @param title stands in each file
     */
    Qlog(Settings settings, Option<Path> directory, Option<Integer> connections, String title) {
        this.directory = settings.find(directory);
        left = new AtomicInteger(settings.value(connections));
        this.title = title;
    }

    /**
     * Has one more connection logged, if there were fewer than there may be.
     *
     * @return what the channel is to be told before it is registered
     */
    Optional<QLogConfiguration> next() {
        return directory
                .filter(into -> left.getAndUpdate(number -> Math.max(0, number - 1)) > 0)
                .map(into -> new QLogConfiguration(into.toString(), title, ""));
    }
}
