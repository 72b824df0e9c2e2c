package io.lb4j.testkit.server;

import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.tls.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Consul agent as a child process: a server by itself, on free ports of 127.0.0.1, its state in memory. Sessions may last a second. It can be
 * killed and started again, which empties it. Confined to one thread, but for {@link #url()}.
 *
 * <pre>{@code
 * try (ConsulServer consul = ConsulServer.start()) {
 *     … consul.url() …
 * }
 * }</pre>
 */
public final class ConsulServer implements AutoCloseable {
    private static final String PROGRAM = "consul";
    private static final int INNER_PORTS = 4; // server, serf over LAN and WAN, and TLS

    private final Premises premises;
    private final List<ReservedPort> inner;
    private final String configuration;
    private RealServer server;

    private ConsulServer(Premises premises, List<ReservedPort> inner, String configuration) {
        this.premises = premises;
        this.inner = inner;
        this.configuration = configuration;
        server = premises.start(own -> launch());
    }

    /**
     * Starts Consul and waits until it has elected itself. The test is skipped where Consul is missing, and fails where {@code CI=true}.
     *
     * @return ready, datacenter {@code dc1}
     * @throws AssertionError with Consul's own words, if it does not start
     */
    public static ConsulServer start() {
        return start("{}");
    }

    /**
     * Starts Consul with more configuration.
     *
     * @param configuration in JSON, as a file of Consul's has it
     * @return ready
     */
    public static ConsulServer start(String configuration) {
        RealServer.require(PROGRAM);
        List<ReservedPort> inner =
                Stream.generate(ReservedPort::any).limit(INNER_PORTS).toList();
        try {
            return new ConsulServer(Premises.forServer(PROGRAM), inner, configuration);
        } catch (RuntimeException | Error e) {
            inner.forEach(ReservedPort::close);
            throw e;
        }
    }

    /**
     * Starts Consul with TLS towards clients, on a second port.
     *
     * @param certificate for 127.0.0.1
     * @return ready
     */
    public static ConsulServer startSecured(TestCertificate.PemFiles certificate) {
        return start("{\"cert_file\": \"" + certificate.chain() + "\", \"key_file\": \"" + certificate.key() + "\"}");
    }

    private Launch launch() throws IOException {
        Files.writeString(premises.folder().resolve("test.json"), configuration);
        Files.writeString(premises.folder().resolve("base.json"), "{\"session_ttl_min\": \"1s\"}");
        return Launch.command(
                        RealServer.program(PROGRAM),
                        "agent",
                        "-dev",
                        "-node=one",
                        "-bind=127.0.0.1",
                        "-client=127.0.0.1",
                        "-config-dir=" + premises.folder(),
                        "-http-port=" + premises.port().port(),
                        "-dns-port=-1",
                        "-grpc-port=-1",
                        "-https-port=" + inner.get(3).port(),
                        "-server-port=" + inner.get(0).port(),
                        "-serf-lan-port=" + inner.get(1).port(),
                        "-serf-wan-port=" + inner.get(2).port())
                .readyWhen(process -> hasLeader());
    }

    private boolean hasLeader() {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(url() + "/v1/status/leader").toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(5_000);
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.US_ASCII).contains(":");
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            // Not ready yet, which is what is asked.
            return false;
        }
    }

    /**
     * Where clients find it.
     *
     * @return {@code http://127.0.0.1:port}
     */
    public String url() {
        return "http://127.0.0.1:" + premises.port().port();
    }

    /**
     * Where clients find it by TLS.
     *
     * @return {@code https://127.0.0.1:port}
     */
    public String secureUrl() {
        return "https://127.0.0.1:" + inner.get(3).port();
    }

    /**
     * Where it listens for clients.
     *
     * @return 127.0.0.1 and the port
     */
    public InetSocketAddress address() {
        return premises.port().address();
    }

    /**
     * The process, for signals and output.
     *
     * @return another after each start
     */
    public RealServer server() {
        return server;
    }

    /** Kills it at once, as a crash would. */
    public void kill() {
        server.kill();
    }

    /** Starts it again after a kill, without anything it knew. */
    public void restartEmpty() {
        server.close();
        try {
            server = RealServer.start(launch());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write below " + premises.folder(), e);
        }
    }

    /** Ends Consul and gives the ports back. */
    @Override
    public void close() {
        server.kill();
        premises.close();
        inner.forEach(ReservedPort::close);
    }
}
