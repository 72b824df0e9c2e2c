package io.lb4j.internal.tls;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.spi.Certificate;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.security.PrivateKey;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Contexts that are counted by reference are let go of, whatever comes first. */
final class NativeContextsTest {
    /** A key that does something when the engine reads it: in the middle of the making of a context. */
    private record SlowKey(PrivateKey key, Runnable whenRead) implements PrivateKey {
        private static final long serialVersionUID = 1;

        @Override
        public String getAlgorithm() {
            return key.getAlgorithm();
        }

        @Override
        public String getFormat() {
            return key.getFormat();
        }

        @Override
        public byte[] getEncoded() {
            whenRead.run();
            return key.getEncoded();
        }
    }

    private static NativeContexts contexts() {
        ServerTlsSettings settings = ServerTlsSettings.defaults()
                .withParameters(TlsParameters.defaults().withEngine(TlsEngine.NATIVE));
        return new NativeContexts(ServerContextRecipe.of(settings), TicketKeys.create());
    }

    @Test
    void aContextThatIsMadeWhileTheyAreClosedIsLetGoOf() {
        NativeContexts contexts = contexts();
        TestCertificate made = TestCertificates.create().server("a.test");
        Certificate certificate = new Certificate(new SlowKey(made.key(), contexts::close), made.chain());

        contexts.prepare(Set.of(certificate));

        // Had it been kept, it would be used; and that nothing leaks, the leak guard sees to.
        assertThatThrownBy(() -> contexts.handler(certificate, UnpooledByteBufAllocator.DEFAULT))
                .hasMessage("TLS contexts: closed");
    }

    @Test
    void aContextThatIsMadeWhileTheyAreClosedIsLetGoOfThoughAnotherWasToFollow() {
        NativeContexts contexts = contexts();
        TestCertificate first = TestCertificates.create().server("a.test");
        TestCertificate second = TestCertificates.create().server("b.test");
        Set<Certificate> both = new LinkedHashSet<>();
        both.add(new Certificate(new SlowKey(first.key(), contexts::close), first.chain()));
        both.add(new Certificate(second.key(), second.chain()));

        assertThatThrownBy(() -> contexts.prepare(both)).hasMessage("TLS contexts: closed");
        // That nothing leaks, the leak guard sees to.
    }
}
