package io.lb4j.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.auth.Permission;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.testkit.server.EtcdServer;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and what is told to those who are not. */
final class EtcdAccessTest {
    private static final String SECRET = "s3cr3t-of-lb";

    private static List<Endpoint> asked(Part provider) throws IOException {
        try (Discovery discovery = provider.create(Discovery.class)) {
            return discovery.discover();
        }
    }

    private static Etcd at(EtcdServer server) {
        return Etcd.at(server.url()).timeout(Duration.ofSeconds(60)); // a password is dear to check on a busy machine
    }

    @Test
    void aUserReadsWhatItsRoleAllowsAndIsToldWhatItDoesNot() throws IOException {
        try (EtcdServer server = EtcdServer.start()) {
            Keys keys = new Keys(server.url());
            keys.put("/services/api/one", "10.0.0.1:80");
            keys.put("/services/other/one", "10.0.0.2:80");
            keys.ask(client -> grantApiTo(client.getAuthClient()));

            assertThat(asked(at(server).user("lb", SECRET).service("api"))).hasSize(1);
            assertThatThrownBy(() -> asked(at(server).user("lb", SECRET).service("other")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("user \"lb\" may not read /services/other/");
            assertThatThrownBy(
                            () -> asked(at(server).user("lb", "wrong-" + SECRET).service("api")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the password of user \"lb\" is wrong")
                    .hasMessageNotContaining(SECRET);
            assertThatThrownBy(() -> asked(at(server).service("api")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("expected: user and password");
        }
    }

    private static CompletableFuture<?> grantApiTo(Auth auth) {
        return auth.roleAdd(Keys.bytes("reader"))
                .thenCompose(done -> auth.roleGrantPermission(
                        Keys.bytes("reader"),
                        Keys.bytes("/services/api/"),
                        Keys.bytes("/services/api0"),
                        Permission.Type.READ))
                .thenCompose(done -> auth.userAdd(Keys.bytes("lb"), Keys.bytes(SECRET)))
                .thenCompose(done -> auth.userGrantRole(Keys.bytes("lb"), Keys.bytes("reader")))
                .thenCompose(done -> auth.roleAdd(Keys.bytes("root")))
                .thenCompose(done -> auth.userAdd(Keys.bytes("root"), Keys.bytes("root")))
                .thenCompose(done -> auth.userGrantRole(Keys.bytes("root"), Keys.bytes("root")))
                .thenCompose(done -> auth.authEnable());
    }

    @Test
    void serversAndClientsShowCertificates(@TempDir Path folder) throws IOException {
        TestCertificates authority = TestCertificates.create();
        Path trusted = authority.writePem(folder.resolve("ca.pem"));
        TestCertificate.PemFiles own = authority.client("lb").writePem(folder, "client");
        EtcdServer.Tls tls =
                new EtcdServer.Tls(authority.server("127.0.0.1").writePem(folder, "server"), Optional.of(trusted));
        try (EtcdServer server = EtcdServer.start(tls)) {
            Etcd known = at(server).trust(trusted).clientCertificate(own.chain(), own.key());

            assertThat(asked(known.service("api"))).isEmpty();
            assertThatThrownBy(() -> asked(at(server).trust(trusted).service("api")))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> asked(
                            at(server).clientCertificate(own.chain(), own.key()).service("api")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certif");
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused(@TempDir Path folder) throws IOException {
        TestCertificates authority = TestCertificates.create();
        Path trusted = authority.writePem(folder.resolve("ca.pem"));
        EtcdServer.Tls tls =
                new EtcdServer.Tls(authority.server("etcd.example.com").writePem(folder, "server"), Optional.empty());
        try (EtcdServer server = EtcdServer.start(tls)) {
            assertThatThrownBy(() -> asked(at(server).trust(trusted).service("api")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void settingsAreCheckedAndShowNoPassword() {
        assertThat(Etcd.at("http://127.0.0.1:2379").user("lb", SECRET))
                .hasToString(
                        Etcd.at("http://127.0.0.1:2379").user("lb", "another").toString())
                .asString()
                .doesNotContain(SECRET);
        assertThatThrownBy(() -> Etcd.at("http://a:1", "https://b:1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("all http or all https");
        assertThatThrownBy(() -> Etcd.at("127.0.0.1:2379"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("http://10.0.0.1:2379");
    }
}
