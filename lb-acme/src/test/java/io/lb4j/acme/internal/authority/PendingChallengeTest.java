package io.lb4j.acme.internal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import io.lb4j.acme.internal.challenge.HttpSolver;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.KeyType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An authority that leaves a challenge pending which it could not validate, with an error, until it is told of it anew: as smallstep's does. */
final class PendingChallengeTest {
    /** Validates the last of so many tries. */
    private static final class Patient extends ScriptedAuthority {
        private final int needed;
        private final AtomicInteger triggered = new AtomicInteger();

        Patient(int needed) {
            this.needed = needed;
        }

        private boolean isDone() {
            return triggered.get() >= needed;
        }

        @Override
        void serve(HttpExchange exchange, String path) throws IOException {
            switch (path) {
                case "/order" -> {
                    exchange.getResponseHeaders().set("Location", at("/orders/1"));
                    send(exchange, 201, order());
                }
                case "/authorization" -> send(exchange, 200, authorization());
                case "/http" -> {
                    triggered.incrementAndGet();
                    send(exchange, 200, challenge());
                }
                case "/finalize" -> refuse(exchange, 400, "badCSR");
                default -> send(exchange, 200, order());
            }
        }

        private String order() {
            return """
                {"status": "%s", "identifiers": [{"type": "dns", "value": "a.test"}], "authorizations": ["%s"],
                 "finalize": "%s"}""".formatted(isDone() ? "ready" : "pending", at("/authorization"), at("/finalize"));
        }

        private String authorization() {
            return """
                {"status": "%s", "identifier": {"type": "dns", "value": "a.test"}, "challenges": [%s]}""".formatted(isDone() ? "valid" : "pending", challenge());
        }

        private String challenge() {
            String error = isDone() || triggered.get() == 0 ? "" : """
                , "error": {"type": "urn:ietf:params:acme:error:connection", "detail": "nobody is there"}""";
            return """
                {"type": "http-01", "status": "%s", "url": "%s", "token": "t1"%s}""".formatted(isDone() ? "valid" : "pending", at("/http"), error);
        }
    }

    private static AcmeFailure failure(Patient server) {
        OrderRequest request = new OrderRequest(
                CertificateNames.of(DomainName.of("a.test")),
                KeyType.EC256::generate,
                List.of(new HttpSolver()),
                new ScriptedAuthority.Journal(),
                Optional.empty());
        try (AcmeAuthority authority = server.authority()) {
            return catchThrowableOfType(AcmeFailure.class, () -> authority.obtain(request));
        }
    }

    @Test
    void isToldOfItAgain() {
        try (Patient server = new Patient(2)) {
            assertThat(failure(server)).hasMessageContaining("badCSR"); // so far it came: the name is validated
            assertThat(server.triggered).hasValue(2);
        }
    }

    @Test
    void isNotWaitedForWithoutEndAndItsWordsAreTold() {
        try (Patient server = new Patient(100)) {
            AcmeFailure failure = failure(server);
            assertThat(failure.kind()).isEqualTo(AcmeFailure.Kind.CHALLENGE_FAILED);
            assertThat(failure).hasMessageContaining("nobody is there");
            assertThat(server.triggered).hasValue(3);
        }
    }
}
