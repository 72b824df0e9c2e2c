package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.internal.archive.Account;
import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.testkit.tls.ClientTls;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** An account that its owner has deactivated with the authority, while a balancer uses it. */
final class DeactivatedAccountTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private AcmeStorage storage() {
        return AcmeStorages.files(folder.resolve("certs"));
    }

    private String accountKey() throws Exception {
        return storage().keys("accounts/").get(0);
    }

    /** Does what the owner does who has the account's key. */
    private void deactivate(Site site) throws Exception {
        Account account = new Archive(storage())
                .accounts()
                .account(accountKey().substring("accounts/".length()))
                .orElseThrow();
        HttpClient client = HttpClient.newBuilder()
                .sslContext(ClientTls.trusting(site.pebble.authority()).context())
                .build();
        Session session = new Session(site.pebble.directory(), new GenericAcmeProvider() {
            @Override
            public HttpClient createHttpClient(NetworkSettings settings) {
                return client;
            }
        });
        for (int refusedNonces = 0; ; refusedNonces++) {
            try {
                session.login(account.location().orElseThrow().toURL(), account.key())
                        .getAccount()
                        .deactivate();
                return;
            } catch (AcmeException e) {
                if (refusedNonces == 20) {
                    throw e;
                }
            }
        }
    }

    @Test
    void isToldOfWithWhatToDoAndOnceThatIsDoneAnotherIsMade() throws Exception {
        try (Site site = new Site(folder)) {
            Acme acme = site.acme().domains("a.test").onDemand(by -> by.decision(name -> true));
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.issuerShown("a.test")).startsWith("CN=Pebble"));
                String key = accountKey();
                byte[] deactivated = storage().read(key).orElseThrow();
                deactivate(site);

                acme.revoke("a.test", RevocationReason.SUPERSEDED);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(acme.standing().get(0).lastFailure())
                                .hasValueSatisfying(failure -> assertThat(failure)
                                        .contains("where it was deactivated, remove " + key + " from the storage")));
                assertThat(storage().read(key)).hasValue(deactivated);

                storage().remove(key);
                assertThat(site.issuerShown("b.test"))
                        .as("ordered by the same process, without another start")
                        .startsWith("CN=Pebble");
                assertThat(storage().read(key).orElseThrow()).isNotEqualTo(deactivated);
            }
        }
    }
}
