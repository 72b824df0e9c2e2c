package io.lb4j.acme.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import io.lb4j.testkit.time.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Each storage that this module brings keeps to what all storages keep to, and to what it promises beyond that. */
final class AcmeStoragesTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    @Nested
    final class InMemory extends AcmeStorageContract {
        private final AcmeStorage storage = AcmeStorages.inMemory();

        @Override
        AcmeStorage storage() {
            return storage;
        }
    }

    @Nested
    final class InFiles extends AcmeStorageContract {
        @TempDir
        Path folder;

        @Override
        AcmeStorage storage() {
            return AcmeStorages.files(
                    folder.resolve("certs")); // another object each time, as another balancer would have
        }

        @Test
        void aCopyThatOthersMayReadIsWarnedOfOnce() throws IOException {
            AcmeStorage storage = storage();
            storage.write("certificates/ca/a.test", SECRET);
            storage.write("certificates/ca/b.test", SECRET);
            Path certs = folder.resolve("certs");
            Path key = certs.resolve("certificates/ca/a.test");
            Logger logger = (Logger) LoggerFactory.getLogger(FileStorage.class);
            ListAppender<ILoggingEvent> warnings = new ListAppender<>();
            warnings.start();
            logger.addAppender(warnings);
            try {
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
                storage.read("certificates/ca/a.test");
                assertThat(warnings.list).as("nobody else gets so far").isEmpty();

                Files.setPosixFilePermissions(certs, PosixFilePermissions.fromString("rwxr-xr-x"));
                storage.read("certificates/ca/b.test");
                assertThat(warnings.list).as("a file of its own").isEmpty();
                storage.read("certificates/ca/a.test");
                storage.read("certificates/ca/a.test");
            } finally {
                logger.detachAppender(warnings);
            }
            assertThat(warnings.list)
                    .singleElement()
                    .satisfies(warning -> assertThat(warning.getFormattedMessage())
                            .startsWith(key + ": others may read it, with private keys, by its rights rw-r--r-- below "
                                    + certs)
                            .endsWith("chmod -R go-rwx " + certs + ")"));
        }
    }

    @Nested
    final class WithACopy extends AcmeStorageContract {
        private final AcmeStorage storage = AcmeStorages.copied(AcmeStorages.inMemory(), AcmeStorages.inMemory());

        @Override
        AcmeStorage storage() {
            return storage;
        }
    }

    @Nested
    final class InASharedStore extends AcmeStorageContract {
        private final FakeClock clock = FakeClock.create();
        private final SharedStore store = SharedStores.inMemory(clock.nanoSource());

        @Override
        AcmeStorage storage() {
            return AcmeStorages.shared(store, "acme/");
        }

        @Test
        void aLockThatRanOutLetsNothingBeWritten() throws IOException {
            AcmeStorage.Hold stalled =
                    storage().tryLock("a.test", Duration.ofSeconds(10)).orElseThrow();
            clock.advance(Duration.ofSeconds(11));
            try (AcmeStorage.Hold next =
                    storage().tryLock("a.test", Duration.ofSeconds(10)).orElseThrow()) {
                assertThat(stalled.renew()).isFalse();
                assertThat(stalled.write("certificates/a.test", SECRET)).isFalse();
                assertThat(next.write("certificates/a.test", SECRET)).isTrue();
            }
            assertThat(store.keys("acme/")).containsExactly("acme/certificates/a.test");
        }
    }

    @Nested
    final class Encrypted extends AcmeStorageContract {
        private AcmeStorage plain = AcmeStorages.inMemory();

        @BeforeEach
        void anew() {
            plain = AcmeStorages.inMemory();
        }

        @Override
        AcmeStorage storage() {
            return AcmeStorages.encrypted(plain, SECRET);
        }

        @Test
        void nobodyReadsWhatIsStored() throws IOException {
            storage().write("accounts/ca", "the secret of all".getBytes(StandardCharsets.UTF_8));
            byte[] stored = plain.read("accounts/ca").orElseThrow();
            assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("secret");

            plain.write("accounts/cb", stored);
            assertThatThrownBy(() -> storage().read("accounts/cb"))
                    .as("in another's place")
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("accounts/cb: cannot be decrypted");
            AcmeStorage other = AcmeStorages.encrypted(plain, new byte[32]);
            assertThatThrownBy(() -> other.read("accounts/ca")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> AcmeStorages.encrypted(plain, new byte[16]))
                    .hasMessage("secret: 16 octets (expected: 32, for AES-256)");
        }
    }
}
