package io.lb4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.model.Endpoint;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

final class LogContextTest {
    private final Map<String, String> seen = new HashMap<>();

    private static Exchange exchange(Optional<String> route, Optional<Endpoint> endpoint) {
        return (Exchange) Proxy.newProxyInstance(
                Exchange.class.getClassLoader(),
                new Class<?>[] {Exchange.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "id" -> 7L;
                    case "route", "cluster" -> route;
                    case "endpoint" -> endpoint;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private void look() {
        seen.putAll(MDC.getCopyOfContextMap());
    }

    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void saysWhichExchangeItIsAbout() {
        LogContext.of(exchange(Optional.of("api"), Optional.of(Endpoint.of("127.0.0.1", 80))), this::look);

        assertThat(seen)
                .isEqualTo(Map.of("exchange", "7", "route", "api", "cluster", "api", "endpoint", "127.0.0.1:80"));
        assertThat(MDC.get(LogContext.EXCHANGE)).isNull();
    }

    @Test
    void saysNothingOfWhatIsNotKnownYet() {
        MDC.put(LogContext.ROUTE, "of another exchange");

        LogContext.of(exchange(Optional.empty(), Optional.empty()), this::look);

        assertThat(seen).isEqualTo(Map.of("exchange", "7"));
    }

    @Test
    void leavesTheContextAsItWas() {
        MDC.put(LogContext.EXCHANGE, "6");
        MDC.put("tenant", "t1");
        IllegalStateException fault = new IllegalStateException("the appender is gone");

        assertThatThrownBy(() -> LogContext.of(exchange(Optional.of("api"), Optional.empty()), () -> {
                    look();
                    throw fault;
                }))
                .isSameAs(fault);

        assertThat(seen).containsEntry("tenant", "t1").containsEntry("exchange", "7");
        assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("exchange", "6", "tenant", "t1"));
    }
}
