package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.internal.archive.AccountBook;
import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.model.KeyType;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account whose key is changed, and what a crash in the middle of it leaves. */
final class AccountKeyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static void awaitObtained(Site site, String name) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(site.issuerShown(name)).startsWith("CN=Pebble"));
    }

    private record Stored(AcmeStorage storage, String authority) {
        static Stored of(Path folder) throws Exception {
            AcmeStorage storage = AcmeStorages.files(folder);
            String key = storage.keys("accounts/").get(0);
            return new Stored(storage, key.substring("accounts/".length()));
        }

        AccountBook book() {
            return new Archive(storage).accounts();
        }

        KeyPair key() throws Exception {
            return book().account(authority).orElseThrow().key();
        }
    }

    @Test
    void anotherKeyTakesThePlaceOfTheOldOne() throws Exception {
        try (Site site = new Site(folder)) {
            Acme acme = site.acme().domains("a.test");
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "a.test");
                Stored stored = Stored.of(folder.resolve("certs"));
                KeyPair old = stored.key();

                acme.changeAccountKeys();

                assertThat(stored.key().getPublic()).isNotEqualTo(old.getPublic());
                assertThat(stored.book().next(stored.authority())).isEmpty();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(site.reports)
                                .anySatisfy(report -> assertThat(report.name()).isEqualTo("account_key_changed")));
                String serial = acme.standing().get(0).held().orElseThrow().serial();
                acme.revoke("a.test", RevocationReason.SUPERSEDED);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(acme.standing()
                                        .get(0)
                                        .held()
                                        .orElseThrow()
                                        .serial())
                                .as("ordered with the new key")
                                .isNotEqualTo(serial));
            }
        }
    }

    @Test
    void aChangeThatWasCutOffAfterTheAuthorityHeardOfItIsFinished() throws Exception {
        try (Site site = new Site(folder)) {
            try (LoadBalancer lb = site.balancer(site.acme().domains("a.test")).start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "a.test");
            }
            Path copy = folder.resolve("before");
            Stored before = Stored.of(folder.resolve("certs"));
            AcmeStorage saved = AcmeStorages.files(copy);
            saved.write(
                    "accounts/" + before.authority(),
                    before.storage().read("accounts/" + before.authority()).orElseThrow());
            Acme changing = site.acme().domains("a.test");
            try (LoadBalancer lb = site.balancer(changing).start()) {
                assertThat(lb.port()).isPositive();
                changing.changeAccountKeys();
            }
            KeyPair next = before.key();
            // As a crash would have left it: the new key beside the old one, and the authority knows the new one.
            cutOff(before, saved, next);

            try (LoadBalancer lb =
                    site.balancer(site.acme().domains("a.test", "b.test")).start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "b.test");
            }
            assertThat(before.key().getPublic()).isEqualTo(next.getPublic());
            assertThat(before.book().next(before.authority())).isEmpty();
        }
    }

    @Test
    void aChangeThatWasCutOffBeforeTheAuthorityHeardOfItIsBegunAgain() throws Exception {
        try (Site site = new Site(folder)) {
            Acme acme = site.acme().domains("a.test");
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "a.test");
                Stored stored = Stored.of(folder.resolve("certs"));
                KeyPair lost = KeyType.EC256.generate();
                cutOff(stored, stored.storage(), lost);

                acme.changeAccountKeys();

                assertThat(stored.key().getPublic()).isNotEqualTo(lost.getPublic());
                assertThat(stored.book().next(stored.authority())).isEmpty();
            }
        }
    }

    private static void cutOff(Stored stored, AcmeStorage account, KeyPair next) throws Exception {
        Optional<AcmeStorage.Hold> hold = stored.book().tryLock(stored.authority(), PATIENCE);
        String key = "accounts/" + stored.authority();
        stored.storage().write(key, account.read(key).orElseThrow());
        stored.book().storeNext(stored.authority(), next, hold.orElseThrow());
        hold.orElseThrow().close();
    }
}
