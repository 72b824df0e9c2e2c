package io.lb4j.examples.discovery;

import io.lb4j.LoadBalancer;
import io.lb4j.discovery.FileEndpoints;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Endpoints from a file, which is looked at every second.
 *
 * <pre>
 * echo 127.0.0.1:9001 > endpoints.txt
 * examples/run discovery-file endpoints.txt [PORT]
 * echo 127.0.0.1:9002 > next.txt; mv next.txt endpoints.txt        another endpoint, and the one before is drained
 * </pre>
 */
public final class FromFile {
    private FromFile() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Front.requireWords(1, "discovery-file FILE [PORT]", words);
        Front.serve(start(Path.of(words[0]), Integer.parseInt(Front.word(words, 1, "8080"))));
    }

    static LoadBalancer start(Path file, int port) {
        return Front.before(
                        port,
                        cluster -> cluster.discovery(FileEndpoints.in(file)
                                .interval(Duration.ofSeconds(1))
                                .provider()))
                .start();
    }
}
