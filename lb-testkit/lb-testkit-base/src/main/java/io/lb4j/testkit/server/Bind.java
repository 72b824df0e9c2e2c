package io.lb4j.testkit.server;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * BIND's {@code named} as a child process: the authority for the zone {@code test}, on a free port of 127.0.0.1, over UDP and TCP, its
 * records changed while it runs. Names below {@code broken.test} are answered with SERVFAIL. Thread-safe.
 *
 * <pre>{@code
 * try (Bind dns = Bind.start("api 1 A 127.0.0.2", "api 1 A 127.0.0.3")) {
 *     dns.replace("api", "A", "1 A 127.0.0.4");
 * }
 * }</pre>
 */
public final class Bind implements AutoCloseable {
    private static final String SERVER = "named";
    private static final String UPDATER = "nsupdate";
    private static final long UPDATE_SECONDS = 60;

    private final Premises premises;
    private final RealServer server;
    private final Optional<Key> key;

    /**
     * A key that updates are signed with (TSIG, by HMAC-SHA256).
     *
     * @param name of the key
     * @param secret in base64
     */
    public record Key(String name, String secret) {}

    private Bind(Premises premises, RealServer server, Optional<Key> key) {
        this.premises = premises;
        this.server = server;
        this.key = key;
    }

    /**
     * Starts BIND and waits until it answers. The test is skipped where BIND is missing, and fails where {@code CI=true}.
     *
     * @param records of the zone {@code test}, as a zone file has them: {@code api 1 A 127.0.0.2}
     * @return ready
     * @throws AssertionError with BIND's own words, if it does not start
     */
    public static Bind start(String... records) {
        return start(Optional.empty(), records);
    }

    /**
     * Starts BIND as {@link #start(String...)} does, with a zone that is changed by who has the key, and by nobody else.
     *
     * @param key of updates
     * @param records of the zone {@code test}
     * @return ready
     */
    public static Bind startWithKey(Key key, String... records) {
        return start(Optional.of(key), records);
    }

    private static Bind start(Optional<Key> key, String... records) {
        RealServer.require(SERVER, UPDATER);
        Premises premises = Premises.forServer(SERVER);
        return new Bind(premises, premises.start(own -> launch(own, key, records)), key);
    }

    private static Launch launch(Premises own, Optional<Key> key, String... records) throws IOException {
        Path folder = own.folder();
        Files.writeString(folder.resolve("test.zone"), zone(records));
        Path file = Files.writeString(
                folder.resolve("named.conf"), configuration(folder, own.port().port(), key));
        return Launch.command(RealServer.program(SERVER), "-g", "-n", "1", "-c", file.toString())
                .readyOnOutput(" running");
    }

    /**
     * Where it listens.
     *
     * @return the port, of UDP and TCP
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
     * Puts records in place of those that a name has.
     *
     * @param name below the zone: {@code api}
     * @param type of the records that go: {@code A}; {@code ANY} for all
     * @param records that come, without the name: {@code 1 A 127.0.0.2}; none takes the name away
     */
    public void replace(String name, String type, String... records) {
        String gone = type.equals("ANY") ? "" : " " + type;
        String come = Arrays.stream(records)
                .map(record -> "update add " + name + ".test. " + record + "\n")
                .collect(Collectors.joining());
        update("update delete " + name + ".test." + gone + "\n" + come);
    }

    private void update(String commands) {
        try {
            Process updater = new ProcessBuilder(RealServer.program(UPDATER))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedWriter input = updater.outputWriter(StandardCharsets.UTF_8)) {
                String signed = key.map(one -> "key hmac-sha256:" + one.name + " " + one.secret + "\n")
                        .orElse("");
                input.write("server 127.0.0.1 " + port() + "\n" + signed + "zone test.\n" + commands + "send\n");
            }
            String output = new String(updater.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!updater.waitFor(UPDATE_SECONDS, TimeUnit.SECONDS) || updater.exitValue() != 0) {
                throw new AssertionError("update refused: " + output + String.join("\n", server.output()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + UPDATER, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends BIND, removes its folder, and gives the port back. */
    @Override
    public void close() {
        server.close();
        premises.close();
    }

    private static String zone(String... records) {
        return """
            $ORIGIN test.
            @ 60 SOA ns hostmaster 1 60 60 60 1
            @ 60 NS ns
            ns 60 A 127.0.0.1
            %s
            """.formatted(String.join("\n", records));
    }

    private static String configuration(Path folder, int port, Optional<Key> key) {
        String keys = key.map(
                        one -> "key \"" + one.name + "\" { algorithm hmac-sha256; secret \"" + one.secret + "\"; };")
                .orElse("");
        String who = key.map(one -> "key \"" + one.name + "\"").orElse("127.0.0.1");
        return """
            options {
              directory "%s";
              listen-on port %d { 127.0.0.1; };
              listen-on-v6 port %d { ::1; };
              recursion no;
              notify no;
              dnssec-validation no;
              pid-file none;
              session-keyfile none;
            };
            controls { };
            %s
            zone "test" { type primary; file "test.zone"; allow-update { %s; }; };
            zone "broken.test" { type primary; file "missing.zone"; };
            """.formatted(folder, port, port, keys, who);
    }
}
