package io.lb4j.testkit.server;

import io.lb4j.testkit.tls.TestCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The registry of CNCF's project distribution, Debian's {@code docker-registry}, as a child process, on a free port of 127.0.0.1, its data in a folder of its own. It can be killed and
 * started again. Confined to one thread, but for {@link #host()}.
 *
 * <pre>{@code
 * try (DockerRegistry registry = DockerRegistry.start(Doors.open())) {
 *     … registry.host() …
 * }
 * }</pre>
 */
public final class DockerRegistry implements AutoCloseable {
    /** Who is let in where a password is asked for. */
    public static final String USER = "publisher";

    /** The password of {@link #USER}. */
    public static final String PASSWORD = "open sesame";

    private static final String PROGRAM = "docker-registry";
    private static final String HASHED = "$2b$04$VGCJKlz6IAbcFMrblOkZsuSTZm0kccb4BvVcsPJg3Ip5EoNWZtwX6";

    private final Premises premises;
    private RealServer server;

    /**
     * How the registry lets clients in.
     *
     * @param tls with which certificate; plain TCP by default
     * @param access what is asked of clients, as the section {@code auth} of the configuration; nothing by default
     */
    public record Doors(Optional<TestCertificate.PemFiles> tls, String access) {
        /** Lets everybody in. */
        public static Doors open() {
            return new Doors(Optional.empty(), "");
        }

        /** Asks for {@link #USER} and {@link #PASSWORD}. */
        public Doors withPassword() {
            return new Doors(tls, "auth: {htpasswd: {realm: test, path: FOLDER/htpasswd}}\n");
        }

        /**
         * Asks for the tokens of a service, whose issuer is {@code test} and which knows the registry as {@code registry}.
         *
         * @param realm the service's address
         * @param signers a file with certificates, in PEM, of those who sign tokens
         */
        public Doors withTokens(String realm, Path signers) {
            return new Doors(
                    tls,
                    "auth: {token: {realm: \"" + realm + "\", service: registry, issuer: test, rootcertbundle: "
                            + signers + "}}\n");
        }

        /** Speaks TLS. */
        public Doors secured(TestCertificate.PemFiles certificate) {
            return new Doors(Optional.of(certificate), access);
        }
    }

    private DockerRegistry(Premises premises, Doors doors) {
        this.premises = premises;
        server = premises.start(own -> launch(own, doors));
    }

    /**
     * Starts a registry and waits until it answers. The test is skipped where it is missing, and fails where {@code CI=true}.
     *
     * @return ready, and empty
     */
    public static DockerRegistry start(Doors doors) {
        RealServer.require(PROGRAM);
        return new DockerRegistry(Premises.forServer(PROGRAM), doors);
    }

    private static Launch launch(Premises own, Doors doors) throws IOException {
        Path folder = own.folder();
        Files.writeString(folder.resolve("htpasswd"), USER + ":" + HASHED + "\n");
        String tls = doors.tls
                .map(files -> "  tls: {certificate: " + files.chain() + ", key: " + files.key() + "}\n")
                .orElse("");
        String configuration = """
                version: 0.1
                log: {level: info}
                storage: {filesystem: {rootdirectory: FOLDER/data}, delete: {enabled: true}}
                http:
                  addr: 127.0.0.1:%d
                  secret: test
                """.formatted(own.port().port()) + tls + doors.access;
        Path file = Files.writeString(folder.resolve("config.yml"), configuration.replace("FOLDER", folder.toString()));
        return Launch.command(RealServer.program(PROGRAM), "serve", file.toString())
                .readyOn(own.port().address());
    }

    /**
     * Where clients find it, as references of images have it.
     *
     * @return {@code 127.0.0.1:port}
     */
    public String host() {
        return "127.0.0.1:" + premises.port().port();
    }

    /**
     * Where it listens.
     *
     * @return 127.0.0.1 and the port
     */
    public InetSocketAddress address() {
        return premises.port().address();
    }

    /** Kills it at once, as a crash would. */
    public void kill() {
        server.kill();
    }

    /** Starts it again after a kill, with what it holds. */
    public void restart() {
        Path file = premises.folder().resolve("config.yml");
        server.close();
        server = RealServer.start(Launch.command(RealServer.program(PROGRAM), "serve", file.toString())
                .readyOn(premises.port().address()));
    }

    /**
     * The process, for signals and output.
     *
     * @return another after each start
     */
    public RealServer server() {
        return server;
    }

    /** Ends it, removes what it holds, and gives the port back. */
    @Override
    public void close() {
        server.kill();
        premises.close();
    }
}
