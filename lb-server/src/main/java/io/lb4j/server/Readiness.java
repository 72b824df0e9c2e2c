package io.lb4j.server;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the process serves, or is about to end, where it was started by it. The word goes to a datagram socket in the file system, which the JDK does not
 * know; systemd's own program sends it.
 */
final class Readiness {
    private static final Logger LOGGER = LoggerFactory.getLogger(Readiness.class);
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final int SECONDS = 10;

    private Readiness() {}

    /** Says that requests are served. */
    static void ready(Map<String, String> environment) {
        tell(environment, "--ready");
    }

    /** Says that the end has begun. */
    static void stopping(Map<String, String> environment) {
        tell(environment, "STOPPING=1");
    }

    private static void tell(Map<String, String> environment, String word) {
        if (!environment.containsKey(SOCKET)) {
            return;
        }
        try {
            Process process = new ProcessBuilder("systemd-notify", word)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                LOGGER.warn("systemd-notify {} failed: systemd does not know", word);
            }
        } catch (IOException e) {
            LOGGER.warn("systemd-notify {} cannot be run: {}", word, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
