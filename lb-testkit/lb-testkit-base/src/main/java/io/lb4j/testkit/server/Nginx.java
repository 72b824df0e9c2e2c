package io.lb4j.testkit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final Premises premises;
    private final RealServer server;

    private Nginx(Premises premises, RealServer server) {
        this.premises = premises;
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
        Premises premises = Premises.forServer(PROGRAM);
        return new Nginx(premises, premises.start(own -> launch(own, httpBlock)));
    }

    private static Launch launch(Premises own, IntFunction<String> httpBlock) throws IOException {
        Path folder = own.folder();
        String configuration = configuration(folder, httpBlock.apply(own.port().port()));
        Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
        return Launch.command(
                        RealServer.program(PROGRAM), "-p", folder.toString(), "-c", file.toString(), "-e", "stderr")
                .readyOn(own.port().address());
    }

    /**
     * Where it listens.
     *
     * @return the TCP port that the configuration was given
     */
    public int port() {
        return premises.port().port();
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
        return premises.folder();
    }

    /** Ends nginx, removes its folder, and gives the port back. */
    @Override
    public void close() {
        server.close();
        premises.close();
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
}
