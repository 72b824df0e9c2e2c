package io.lb4j.testkit.server;

import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;

/**
 * Pebble, Let's Encrypt's certificate authority for tests, as a child process on a free port of 127.0.0.1, and its DNS server with it.
 * Everything it knows is gone when it ends. Thread-safe.
 *
 * <pre>{@code
 * try (Pebble pebble = Pebble.start(PebbleSettings.defaults().httpPort(port))) {
 *     … pebble.directory() …
 * }
 * }</pre>
 */
public final class Pebble implements AutoCloseable {
    private static final String PROGRAM = "pebble";
    private static final String NEWER_PROGRAM = "pebble-newer";
    private static final String DNS_PROGRAM = "pebble-challtestsrv";
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Deque<AutoCloseable> parts; // what to close, the last first; filled before this is published
    private final TestCertificates authority;
    private final RealServer server;
    private final int port;
    private final int managementPort;
    private final int dnsManagementPort;
    private final int dnsPort;

    private Pebble(Deque<AutoCloseable> parts, PebbleSettings settings) throws IOException {
        this.parts = parts;
        this.authority = TestCertificates.create();
        this.port = reserve();
        this.managementPort = reserve();
        Path folder = Files.createTempDirectory("lb4j-pebble");
        parts.push(() -> delete(folder));
        if (settings.dnsPort().isPresent()) {
            dnsPort = settings.dnsPort().getAsInt();
            dnsManagementPort = 0;
        } else {
            dnsPort = reserve();
            dnsManagementPort = reserve();
            parts.push(startDns());
        }
        server = startAuthority(folder, settings);
        parts.push(server);
    }

    /**
     * Starts Pebble and waits until it answers. The test is skipped where Pebble is missing, and fails where {@code CI=true}.
     *
     * @param settings how it behaves
     * @return ready
     * @throws AssertionError with Pebble's own words, if it does not start
     */
    public static Pebble start(PebbleSettings settings) {
        RealServer.require(program(settings), DNS_PROGRAM);
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return new Pebble(parts, settings);
        } catch (IOException e) {
            close(parts);
            throw new UncheckedIOException("cannot write Pebble's files", e);
        } catch (RuntimeException | Error e) {
            close(parts);
            throw e;
        }
    }

    private static String program(PebbleSettings settings) {
        return settings.isNewer() ? NEWER_PROGRAM : PROGRAM;
    }

    private int reserve() {
        ReservedPort reserved = ReservedPort.any();
        parts.push(reserved);
        return reserved.port();
    }

    private RealServer startDns() {
        String program = RealServer.locate(DNS_PROGRAM).map(Path::toString).orElse(DNS_PROGRAM);
        String addresses = "127.0.0.1:" + dnsPort;
        return RealServer.start(Launch.command(
                        program,
                        "-dns01",
                        addresses,
                        "-management",
                        "127.0.0.1:" + dnsManagementPort,
                        "-http01",
                        "",
                        "-https01",
                        "",
                        "-tlsalpn01",
                        "",
                        "-defaultIPv4",
                        "127.0.0.1",
                        "-defaultIPv6",
                        "")
                .readyWhen(any -> answers("http://127.0.0.1:" + dnsManagementPort + "/")));
    }

    private RealServer startAuthority(Path folder, PebbleSettings settings) throws IOException {
        TestCertificate identity = authority.server("localhost", "127.0.0.1");
        TestCertificate.PemFiles files = identity.writePem(folder, "api");
        Path configuration = Files.writeString(folder.resolve("pebble.json"), configuration(files, settings));
        String name = program(settings);
        String program = RealServer.locate(name).map(Path::toString).orElse(name);
        Launch launch = Launch.command(
                        program,
                        "-config",
                        configuration.toString(),
                        "-dnsserver",
                        "127.0.0.1:" + dnsPort,
                        "-strict=false")
                .readyWhen(any -> answers(directory().toString()));
        for (Map.Entry<String, String> variable : settings.environment().entrySet()) {
            launch = launch.environment(variable.getKey(), variable.getValue());
        }
        return RealServer.start(launch);
    }

    private String configuration(TestCertificate.PemFiles files, PebbleSettings settings) {
        String accounts = settings.externalAccounts().entrySet().stream()
                .map(account -> "\"" + account.getKey() + "\": \"" + account.getValue() + "\"")
                .collect(Collectors.joining(", "));
        String profiles = settings.profiles().entrySet().stream()
                .map(profile -> String.format(
                        Locale.ROOT,
                        "\"%s\": {\"description\": \"a test's\", \"validityPeriod\": %d}",
                        profile.getKey(),
                        profile.getValue().toSeconds()))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                """
                {"pebble": {
                  "listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                  "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d, "ocspResponderURL": "%s",
                  "externalAccountBindingRequired": %s, "externalAccountMACKeys": {%s},
                  "profiles": {%s}
                }}
                """,
                port,
                managementPort,
                files.chain(),
                files.key(),
                settings.httpPort(),
                settings.tlsPort(),
                settings.ocspResponder().map(URI::toString).orElse(""),
                !accounts.isEmpty(),
                accounts,
                profiles);
    }

    /**
     * Where ACME begins.
     *
     * @return an https address
     */
    public URI directory() {
        return URI.create("https://localhost:" + port + "/dir");
    }

    /**
     * Who vouches for the certificate of Pebble's own API; not for the certificates it issues.
     *
     * @return what its clients have to trust
     */
    public TestCertificates authority() {
        return authority;
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
     * The port of the DNS server that Pebble asks.
     *
     * @return of 127.0.0.1
     */
    public int dnsPort() {
        return dnsPort;
    }

    /**
     * How many certificates have been issued.
     *
     * @return as Pebble's output has it
     */
    public long issued() {
        return count("Issued certificate serial");
    }

    /**
     * How many orders have been made.
     *
     * @return as Pebble's output has it
     */
    public long orders() {
        return count("Added order");
    }

    /**
     * How many challenges clients have asked to be put to them: what comes before that in an order is over.
     *
     * @return as Pebble's output has it
     */
    public long challenges() {
        return count("Pulled a task from the Tasks queue");
    }

    private long count(String words) {
        return server.output().stream().filter(line -> line.contains(words)).count();
    }

    /**
     * How many orders were made in place of a certificate that they name (RFC 9773 §5); of a newer Pebble.
     *
     * @return as Pebble's output has it
     */
    public long replacements() {
        return count("is a replacement of");
    }

    /**
     * Says when Pebble wants a certificate to be renewed (RFC 9773 §4.2); of a newer Pebble.
     *
     * @param certificate that it has issued
     * @param start the earliest time
     * @param end the latest
     */
    public void renewalWindow(X509Certificate certificate, Instant start, Instant end) {
        try {
            String window = "{\\\"suggestedWindow\\\": {\\\"start\\\": \\\"" + start + "\\\", \\\"end\\\": \\\"" + end
                    + "\\\"}}";
            String der = Base64.getEncoder().encodeToString(certificate.getEncoded());
            request(
                    "https://localhost:" + managementPort + "/set-renewal-info/",
                    "{\"Certificate\": \"-----BEGIN CERTIFICATE-----\\n" + der
                            + "\\n-----END CERTIFICATE-----\\n\", \"ARIResponse\": \"" + window + "\"}");
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that was parsed can be encoded", e);
        }
    }

    /**
     * A root that issued certificates lead to.
     *
     * @param index 0, or up to the number of alternate roots
     * @return in PEM
     */
    public String root(int index) {
        return request("https://localhost:" + managementPort + "/roots/" + index, "");
    }

    /**
     * The certificate that issued ones are signed with.
     *
     * @return the first, where there are several chains
     */
    public X509Certificate intermediate() {
        String pem = request("https://localhost:" + managementPort + "/intermediates/0", "");
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalStateException("Pebble's certificate cannot be read", e);
        }
    }

    /**
     * The key that certificates are signed with, for those who answer in Pebble's name.
     *
     * @return in PEM, as Pebble gives it out
     */
    public String intermediateKey() {
        return request("https://localhost:" + managementPort + "/intermediate-keys/0", "");
    }

    /**
     * Whether a certificate is known as revoked.
     *
     * @param serial of the certificate
     * @return what Pebble says of it
     */
    public boolean isRevoked(BigInteger serial) {
        String path = "/cert-status-by-serial/" + serial.toString(16);
        return request("https://localhost:" + managementPort + path, "").contains("\"Revoked\"");
    }

    /**
     * Says something to Pebble's own DNS server, as its manual has it.
     *
     * @param action {@code add-a}, {@code set-cname}, {@code set-servfail} …
     * @param json what about
     */
    public void dns(String action, String json) {
        request("http://127.0.0.1:" + dnsManagementPort + "/" + action, json);
    }

    /** Ends Pebble and its DNS server, removes its files, and gives the ports back. */
    @Override
    public void close() {
        close(parts);
    }

    private static void close(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("Pebble cannot be ended", e);
            }
        }
    }

    private boolean answers(String address) {
        try {
            HttpURLConnection connection = connect(address);
            connection.getResponseCode();
            connection.disconnect();
            return true;
        } catch (IOException e) {
            // Refused: not ready yet, which is what is asked.
            return false;
        }
    }

    private String request(String address, String body) {
        try {
            HttpURLConnection connection = connect(address);
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(address + " does not answer as expected", e);
        }
    }

    private HttpURLConnection connect(String address) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        if (connection instanceof HttpsURLConnection secured) {
            secured.setSSLSocketFactory(ClientTls.trusting(authority).context().getSocketFactory());
        }
        return connection;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
