package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.model.Endpoint;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is made of {@code Alt-Svc}. */
final class AlternativesTest {
    private static final Endpoint ENDPOINT = Endpoint.of("a.test", 443);

    private final AtomicLong clock = new AtomicLong();
    private final Alternatives alternatives = new Alternatives(clock::get);

    @Test
    void aPortIsRememberedForAsLongAsWasSaid() {
        alternatives.learn(ENDPOINT, "h2=\":443\"; ma=10, h3=\":8443\"; ma=60; persist=1");

        assertThat(alternatives.port(ENDPOINT)).hasValue(8443);
        clock.set(TimeUnit.SECONDS.toNanos(60));
        assertThat(alternatives.port(ENDPOINT)).hasValue(8443);
        clock.incrementAndGet();
        assertThat(alternatives.port(ENDPOINT)).isEmpty();
    }

    @Test
    void withoutAnAgeItIsADay() {
        alternatives.learn(ENDPOINT, "h3=\":443\"");
        clock.set(TimeUnit.HOURS.toNanos(24));
        assertThat(alternatives.port(ENDPOINT)).hasValue(443);
        clock.incrementAndGet();
        assertThat(alternatives.port(ENDPOINT)).isEmpty();
    }

    @Test
    void itCanBeTakenBack() {
        alternatives.learn(ENDPOINT, "h3=\":443\"");
        alternatives.learn(ENDPOINT, "clear");
        assertThat(alternatives.port(ENDPOINT)).isEmpty();
    }

    @Test
    void anotherHostsWordIsNotTaken() {
        alternatives.learn(ENDPOINT, "h3=\"evil.test:443\"");
        assertThat(alternatives.port(ENDPOINT)).isEmpty();
        alternatives.learn(ENDPOINT, "h3=\":0\"");
        assertThat(alternatives.port(ENDPOINT)).isEmpty();
        assertThat(alternatives.port(Endpoint.of("b.test", 443))).isEmpty();
    }
}
