package io.lb4j.testkit.server;

import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.tls.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * etcd as a child process: one member, on free ports of 127.0.0.1, its data in a folder of its own. It can be killed and started again, with
 * its data or without. Confined to one thread, but for {@link #url()}.
 *
 * <pre>{@code
 * try (EtcdServer etcd = EtcdServer.start()) {
 *     … etcd.url() …
 *     etcd.kill();
 *     etcd.restart();
 * }
 * }</pre>
 */
public final class EtcdServer implements AutoCloseable {
    private static final String PROGRAM = "etcd";

    private final Premises premises;
    private final ReservedPort peers;
    private final Optional<Tls> tls;
    private RealServer server;
    private int emptied; // how often its data have been left behind

    /**
     * How clients are served.
     *
     * @param certificate for 127.0.0.1
     * @param clients file of those who sign the certificates that clients have to show; none is asked for by default
     */
    public record Tls(TestCertificate.PemFiles certificate, Optional<Path> clients) {}

    private EtcdServer(Premises premises, ReservedPort peers, Optional<Tls> tls) {
        this.premises = premises;
        this.peers = peers;
        this.tls = tls;
        server = premises.start(own -> launch());
    }

    /**
     * Starts etcd and waits until it answers. The test is skipped where etcd is missing, and fails where {@code CI=true}.
     *
     * @return ready
     * @throws AssertionError with etcd's own words, if it does not start
     */
    public static EtcdServer start() {
        return start(Optional.empty());
    }

    /**
     * Starts etcd with TLS towards clients.
     *
     * @param tls certificate, and whose clients are let in
     * @return ready
     */
    public static EtcdServer start(Tls tls) {
        return start(Optional.of(tls));
    }

    private static EtcdServer start(Optional<Tls> tls) {
        RealServer.require(PROGRAM);
        ReservedPort peers = ReservedPort.any();
        try {
            return new EtcdServer(Premises.forServer(PROGRAM), peers, tls);
        } catch (RuntimeException | Error e) {
            peers.close();
            throw e;
        }
    }

    private Launch launch() {
        String peerUrl = "http://127.0.0.1:" + peers.port();
        List<String> command = new ArrayList<>(List.of(
                RealServer.program(PROGRAM),
                "--name=one",
                "--data-dir=" + premises.folder().resolve("data-" + emptied),
                "--listen-client-urls=" + url(),
                "--advertise-client-urls=" + url(),
                "--listen-peer-urls=" + peerUrl,
                "--initial-advertise-peer-urls=" + peerUrl,
                "--initial-cluster=one=" + peerUrl,
                "--logger=zap"));
        tls.ifPresent(secured -> {
            command.add("--cert-file=" + secured.certificate.chain());
            command.add("--key-file=" + secured.certificate.key());
            secured.clients.ifPresent(
                    file -> command.addAll(List.of("--client-cert-auth", "--trusted-ca-file=" + file)));
        });
        // What the disk has not got yet survives the end of a process, if not of the machine; and no test waits for a
        // busy disk.
        Launch launch = Launch.command(command.toArray(String[]::new)).environment("ETCD_UNSAFE_NO_FSYNC", "true");
        return tls.isPresent()
                ? launch.readyOnOutput("serving client traffic")
                : launch.readyWhen(server -> isHealthy());
    }

    private boolean isHealthy() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url() + "/health").toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(5_000);
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.US_ASCII).contains("true");
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
     * @return {@code http://127.0.0.1:port}, or {@code https}
     */
    public String url() {
        return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:"
                + premises.port().port();
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

    /** Starts it again after a kill, with the data it had. */
    public void restart() {
        server.close();
        server = RealServer.start(launch());
    }

    /** Starts it again after a kill, without any data, as somebody else's cluster at the same address. */
    public void restartEmpty() {
        emptied++;
        restart();
    }

    /**
     * Its folder, for files of the test.
     *
     * @return removed by {@link #close}
     */
    public Path folder() {
        return premises.folder();
    }

    /** Ends etcd, removes its data, and gives the ports back. */
    @Override
    public void close() {
        server.kill(); // it takes up to 7 seconds to end by itself while somebody watches
        premises.close();
        peers.close();
    }
}
