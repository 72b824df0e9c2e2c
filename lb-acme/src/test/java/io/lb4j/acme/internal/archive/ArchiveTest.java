package io.lb4j.acme.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.storage.AcmeStorages;
import java.lang.reflect.Field;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stays in memory of what is in a storage. */
final class ArchiveTest {
    @Test
    void nothingStaysOfNamesThatThereIsNoCertificateFor() throws Exception {
        Archive archive = new Archive(AcmeStorages.inMemory());
        for (int i = 0; i < 100; i++) {
            CertificateNames names = CertificateNames.of(DomainName.of("n" + i + ".test"));
            assertThat(archive.certificate("ca", names)).isEmpty();
        }
        Field remembered = Archive.class.getDeclaredField("certificatesRead");
        remembered.setAccessible(true);
        assertThat((Map<?, ?>) remembered.get(archive)).isEmpty();
    }
}
