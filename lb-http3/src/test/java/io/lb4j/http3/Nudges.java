package io.lb4j.http3;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tech.kwik.core.QuicStream;
import tech.kwik.core.common.EncryptionLevel;
import tech.kwik.core.impl.QuicConnectionImpl;
import tech.kwik.core.stream.FlowControlUpdateListener;

/**
 * Has kwik send what it was given. kwik 0.10.8 may forget to: a write that meets its sender asks for nothing (StreamOutputStreamImpl's count of requests). What is asked
 * for here waits for the next packet, so that an empty request has to follow, which does not wait.
 */
final class Nudges implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "kwik-nudges");
        thread.setDaemon(true);
        return thread;
    });

    /** Looks after the output of a stream from now on. */
    void add(QuicConnectionImpl connection, QuicStream stream) {
        FlowControlUpdateListener output = (FlowControlUpdateListener) stream.getOutputStream();
        timer.scheduleWithFixedDelay(
                () -> {
                    output.streamNotBlocked(stream.getStreamId());
                    connection.send(size -> null, 1, EncryptionLevel.App, lost -> {}, true);
                },
                20,
                20,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
