package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.config.ConfigurationException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is wrong with what is asked for is said before anything is asked of anybody: all of it, each with its place. */
final class AcmeFaultsTest {
    private static void expect(Acme acme, String... messages) {
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener(listener -> listener.port(0).tls(tls -> {}))
                        .acme(acme)
                        .start())
                .isInstanceOf(ConfigurationException.class)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(messages));
    }

    @Test
    void everyFaultIsNamedWithItsPlaceAndTheLineThatSetIt() {
        expect(
                Acme.authority(authority -> authority
                                .directory("letsencript")
                                .trust(Path.of("missing.pem"))
                                .httpProxy("nowhere"))
                        .email("nobody")
                        .domains("a.test", "not a name")
                        .renewalDays(0)
                        .renewalShare(1.5),
                "acme.authorities[0].directory: \"letsencript\" (expected: letsencrypt, ",
                "acme.authorities[0].ca_certificates: \"missing.pem\" (expected: a file that can be read)",
                "acme.authorities[0].http_proxy: \"nowhere\" (expected: host:port)",
                "acme.email: \"nobody\" (expected: an e-mail address)",
                "acme.domains[1]: \"not a name\" (expected: a host name such as api.example.com",
                "acme.renewal_days: 0 (expected: 1..365)",
                "acme.renewal_share: \"150%\" (expected: a share",
                "AcmeFaultsTest.java:");
    }

    /** As it comes out of a word processor. */
    @Test
    void typographicQuotationMarksArePartOfNoAddress() {
        expect(
                Acme.letsEncrypt("\u201cadmin@example.com\u201d").domains("a.test"),
                "acme.email: \"\u201cadmin@example.com\u201d\" (expected: an e-mail address)");
    }

    @Test
    void aWildcardNeedsAChallengeByDns() {
        expect(
                Acme.letsEncrypt("admin@example.com").domains("*.a.test"),
                "acme.domains: \"*.a.test\" (expected: a wildcard together with challenge_type dns");
    }

    @Test
    void anAddressNeedsAnotherChallenge() {
        expect(
                Acme.letsEncrypt("admin@example.com").domains("192.0.2.1").challenges(ChallengeType.DNS),
                "acme.domains: \"192.0.2.1\" (expected: an IP address together with challenge_type http or tls-alpn)");
    }

    @Test
    void someNameAndEachCertificateOnceAreNeeded() {
        expect(Acme.letsEncrypt("admin@example.com"), "acme.domains: missing (expected: at least one name");
        expect(Acme.letsEncrypt("admin@example.com").domains(), "acme.domains: missing (expected: at least one name");
        expect(
                Acme.letsEncrypt("admin@example.com").domains("a.test", "A.test."),
                "acme.domains: \"a.test\" (expected: each certificate once)");
    }

    @Test
    void anExternalAccountIsWholeAndItsKeyIsNotTold() {
        Acme half = Acme.authority(authority -> authority.directory("zerossl").externalAccount("kid", " "))
                .domains("a.test");
        expect(half, "acme.authorities[0].eab_hmac_key: *** (expected: a key in base64url)");
        Acme whole = Acme.authority(authority -> authority.directory("zerossl").externalAccount("kid", "c2VjcmV0"))
                .domains("a.test");
        assertThat(whole.toString()).contains("kid").doesNotContain("c2VjcmV0");
    }

    @Test
    void twoThatWereToldTheSameAreEqual() {
        Acme one = Acme.letsEncrypt("admin@example.com").domains("a.test");
        assertThat(Acme.letsEncrypt("admin@example.com").domains("A.test"))
                .isEqualTo(one)
                .hasSameHashCodeAs(one);
        assertThat(one.domains("b.test")).isNotEqualTo(one);
    }

    @Test
    void challengesByDnsNeedAProvider() {
        expect(
                Acme.letsEncrypt("admin@example.com").domains("*.a.test").challenges(ChallengeType.DNS),
                "acme.dns_provider: missing (expected: a provider, for challenge_type dns)");
    }
}
