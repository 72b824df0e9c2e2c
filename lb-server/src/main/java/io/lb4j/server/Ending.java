package io.lb4j.server;

import io.lb4j.server.log.Logs;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the process ends once it has been asked to: with exit code 0, when the requests under way are finished; at once as long as there are none. Thread-safe.
 */
final class Ending {
    private static final Logger LOGGER = LoggerFactory.getLogger(Ending.class);

    private final Logs logs;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Server server; // once it serves
    private volatile int code = Main.DONE;

    private Ending(Logs logs) {
        this.logs = logs;
    }

    /** Listens to the system from now on. */
    static Ending listen(Logs logs) {
        Ending ending = new Ending(logs);
        Runtime.getRuntime().addShutdownHook(new Thread(ending::end, "lb4j-end"));
        return ending;
    }

    /** Has a server finish its requests first. */
    void finishes(Server serving) {
        server = serving;
    }

    /** Returns when the end has come. */
    void await() throws InterruptedException {
        ended.await();
    }

    /** The process ends by itself, with another exit code, which is returned. */
    int failed(int exitCode) {
        code = exitCode;
        return exitCode;
    }

    private void end() {
        Server serving = server;
        if (serving != null) {
            LOGGER.info("asked to end: requests under way are finished first");
            Readiness.stopping(System.getenv());
            serving.close();
            LOGGER.info("ended");
        } else if (code == Main.DONE) {
            LOGGER.info("asked to end before it has served");
        }
        logs.close();
        ended.countDown();
        Runtime.getRuntime().halt(code);
    }
}
