package io.lb4j.acme.internal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.lb4j.acme.internal.challenge.HttpSolver;
import io.lb4j.acme.internal.challenge.TlsSolver;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.KeyType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of an order that another instance has begun, and whose challenge the authority has been told of. */
final class TakenOverChallengeTest {
    /** An authority that has begun to validate, and is done when it has been asked a few times. Confined to its one thread. */
    private static final class Halfway extends ScriptedAuthority {
        private static final int LOOKS = 3;

        private final AtomicInteger triggered = new AtomicInteger();
        private volatile boolean isKnown;
        private int looks;

        /** @param isKnown whether it says from the beginning that it validates already */
        Halfway(boolean isKnown) {
            this.isKnown = isKnown;
        }

        @Override
        void serve(HttpExchange exchange, String path) throws IOException {
            boolean isDone = looks >= LOOKS;
            switch (path) {
                case "/order" -> {
                    exchange.getResponseHeaders().set("Location", at("/orders/1"));
                    send(exchange, 201, order("pending"));
                }
                case "/authorization" -> {
                    looks++;
                    send(exchange, 200, authorization(isDone));
                }
                case "/http" -> {
                    triggered.incrementAndGet();
                    isKnown = true;
                    refuse(exchange, 400, "malformed");
                }
                case "/finalize" -> refuse(exchange, 400, "badCSR");
                default -> send(exchange, 200, order(isDone ? "ready" : "pending"));
            }
        }

        private String order(String status) {
            return """
                {"status": "%s", "identifiers": [{"type": "dns", "value": "a.test"}], "authorizations": ["%s"],
                 "finalize": "%s"}""".formatted(status, at("/authorization"), at("/finalize"));
        }

        private String authorization(boolean isDone) {
            String challenge = isDone ? "valid" : isKnown ? "processing" : "pending";
            return """
                {"status": "%s", "identifier": {"type": "dns", "value": "a.test"}, "challenges": [
                 {"type": "tls-alpn-01", "status": "pending", "url": "%s", "token": "t0"},
                 {"type": "http-01", "status": "%s", "url": "%s", "token": "t1"}]}""".formatted(isDone ? "valid" : "pending", at("/tls"), challenge, at("/http"));
        }
    }

    private static void finish(Halfway server, OrderRequest request) {
        try (AcmeAuthority authority = server.authority()) {
            assertThatThrownBy(() -> authority.obtain(request))
                    .isInstanceOf(AcmeFailure.class)
                    .hasMessageContaining("badCSR"); // so far it came: the names are validated
        }
    }

    private static OrderRequest request(boolean isTlsPreferred) {
        return new OrderRequest(
                CertificateNames.of(DomainName.of("a.test")),
                KeyType.EC256::generate,
                isTlsPreferred ? List.of(new TlsSolver(), new HttpSolver()) : List.of(new HttpSolver()),
                new ScriptedAuthority.Journal(),
                Optional.empty());
    }

    @Test
    void isGoneOnWithBySameChallengeWithoutTellingTheAuthorityAgain() {
        try (Halfway server = new Halfway(true)) {
            finish(server, request(true));
            assertThat(server.triggered).hasValue(0);
        }
    }

    @Test
    void isGoneOnWithWhereItWasToldOfInTheMeantime() {
        try (Halfway server = new Halfway(false)) {
            finish(server, request(false));
            assertThat(server.triggered).hasValue(1);
        }
    }
}
