package io.lb4j.testkit.server;

import io.lb4j.testkit.net.ReservedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * nginx as a child process, on a free port of 127.0.0.1, with its files in a folder of its own that goes with it.
 * Thread-safe.
 *
 * <pre>{@code
 * try (Nginx nginx = Nginx.start(port -> "server { listen 127.0.0.1:" + port + "; location / { return 200 'hello'; } }")) {
 *     … nginx.port() …
 * }
 * }</pre>
 */
public final class Nginx implements AutoCloseable {
    private static final String PROGRAM = "nginx";

    private final ReservedPort port;
    private final Path folder;
    private final RealServer server;

    private Nginx(ReservedPort port, Path folder, RealServer server) {
        this.port = port;
        this.folder = folder;
        this.server = server;
    }

    /**
     * Whether nginx is on this machine.
     *
     * @return for {@code assumeTrue}
     */
    public static boolean isInstalled() {
        return RealServer.isInstalled(PROGRAM);
    }

    /**
     * Starts nginx with one worker and waits until it answers on its port.
     *
     * @param httpBlock given the port, writes the content of the {@code http} block
     * @return ready
     * @throws AssertionError with nginx's own words, if it does not start
     */
    public static Nginx start(IntFunction<String> httpBlock) {
        ReservedPort port = ReservedPort.any();
        Path folder = newFolder();
        try {
            Path file = Files.writeString(
                    folder.resolve("nginx.conf"), configuration(folder, httpBlock.apply(port.port())));
            String program = RealServer.locate(PROGRAM).map(Path::toString).orElse(PROGRAM);
            Launch launch = Launch.command(program, "-p", folder.toString(), "-c", file.toString(), "-e", "stderr")
                    .readyOn(port.address());
            return new Nginx(port, folder, RealServer.start(launch));
        } catch (IOException e) {
            undo(port, folder);
            throw new UncheckedIOException("cannot write below " + folder, e);
        } catch (RuntimeException | Error e) {
            undo(port, folder);
            throw e;
        }
    }

    /**
     * Where it listens.
     *
     * @return the TCP port that the configuration was given
     */
    public int port() {
        return port.port();
    }

    /**
     * The process, for signals and output.
     *
     * @return owned by this
     */
    public RealServer server() {
        return server;
    }

    /**
     * Where its configuration and temporary files are, for files of the test beside them.
     *
     * @return removed by {@link #close}
     */
    public Path folder() {
        return folder;
    }

    /** Ends nginx, removes its folder, and gives the port back. */
    @Override
    public void close() {
        server.close();
        undo(port, folder);
    }

    private static String configuration(Path folder, String httpBlock) {
        // As root, workers would become another user and could not enter the temporary folder.
        String user = "root".equals(System.getProperty("user.name")) ? "user root;\n" : "";
        String paths = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(name -> name + "_temp_path " + folder.resolve(name) + ";\n")
                .reduce("", String::concat);
        return user + """
            daemon off;
            worker_processes 1;
            pid %s;
            events { worker_connections 1024; }
            http {
            access_log off;
            %s%s
            }
            """.formatted(folder.resolve("nginx.pid"), paths, httpBlock);
    }

    private static void undo(ReservedPort port, Path folder) {
        port.close();
        delete(folder);
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("lb4j-nginx");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
