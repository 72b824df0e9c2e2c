package io.lb4j.acme.internal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.KeyType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is made of an authority, or of what stands before it, that asks to come back later. */
final class BusyAuthorityTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /** Answers each order in one way. */
    private static final class Busy extends ScriptedAuthority {
        private final int status;
        private final Optional<String> problem;
        private final String retryAfter;

        Busy(int status, Optional<String> problem, String retryAfter) {
            this.status = status;
            this.problem = problem;
            this.retryAfter = retryAfter;
        }

        @Override
        void serve(HttpExchange exchange, String path) throws IOException {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            if (problem.isPresent()) {
                refuse(exchange, status, problem.get());
            } else {
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                send(exchange, status, "<h1>come back later</h1>");
            }
        }
    }

    private static AcmeFailure failure(int status, Optional<String> problem, String retryAfter) {
        OrderRequest request = new OrderRequest(
                CertificateNames.of(DomainName.of("a.test")),
                KeyType.EC256::generate,
                List.of(),
                new ScriptedAuthority.Journal(),
                Optional.empty());
        try (Busy server = new Busy(status, problem, retryAfter);
                AcmeAuthority authority = server.authority()) {
            return catchThrowableOfType(AcmeFailure.class, () -> authority.obtain(request));
        }
    }

    private static void expect(AcmeFailure failure, AcmeFailure.Kind kind) {
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.details().retryAfter().orElseThrow())
                .isBetween(
                        Instant.now().plus(HOUR).minusSeconds(60),
                        Instant.now().plus(HOUR).plusSeconds(60));
        assertThat(failure).hasMessageContaining("; not before ");
    }

    @Test
    void aStatusAloneIsAsGoodAsAProblemDocument() {
        expect(failure(503, Optional.empty(), "3600"), AcmeFailure.Kind.UNREACHABLE);
        expect(failure(429, Optional.empty(), "3600"), AcmeFailure.Kind.RATE_LIMITED);
    }

    @Test
    void aProblemDocumentOfAnotherKindIsNoLess() {
        expect(failure(503, Optional.of("serverInternal"), "3600"), AcmeFailure.Kind.UNREACHABLE);
        expect(failure(429, Optional.of("rateLimited"), "3600"), AcmeFailure.Kind.RATE_LIMITED);
        expect(failure(429, Optional.of("malformed"), "3600"), AcmeFailure.Kind.RATE_LIMITED);
    }

    @Test
    void aTimeThatCannotBeReadIsNone() {
        AcmeFailure failure = failure(503, Optional.empty(), "soon");
        assertThat(failure.kind()).isEqualTo(AcmeFailure.Kind.UNREACHABLE);
        assertThat(failure.details().retryAfter()).isEmpty();
    }
}
