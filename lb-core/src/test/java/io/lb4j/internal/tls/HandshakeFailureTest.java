package io.lb4j.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class HandshakeFailureTest {
    @Test
    void looksForTheReasonAmongTheCauses() {
        Throwable nested = new IllegalStateException(new SSLHandshakeException("no cipher suites in common"));
        assertThat(HandshakeFailure.of(nested)).isEqualTo(HandshakeFailure.NO_COMMON_CIPHER);
    }

    @Test
    void takesAnyDoubtAboutACertificateForItsRefusal() {
        assertThat(HandshakeFailure.of(new IllegalStateException(new CertificateException("expired"))))
                .isEqualTo(HandshakeFailure.CLIENT_CERTIFICATE_REFUSED);
    }

    @Test
    void takesALostConnectionForAClientThatWentAway() {
        assertThat(HandshakeFailure.of(new IOException("reset"))).isEqualTo(HandshakeFailure.CLIENT_GONE);
    }

    @Test
    void saysOtherWhenItDoesNotKnow() {
        assertThat(HandshakeFailure.of(new SSLHandshakeException("strange"))).hasToString("other");
    }
}
