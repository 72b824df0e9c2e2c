package io.lb4j.it.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.spi.Filter;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What plugins see of what a client says of itself. */
final class StrangersTest {
    private static final String CLAIMS =
            "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Host: b\r\nForwarded: for=192.0.2.1\r\n"
                    + "X-Forwarded-Client-Cert: Hash=00\r\nClient-Cert: :AA==:\r\n";

    private static Fields seen(String... trusted) {
        AtomicReference<Fields> seen = new AtomicReference<>();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0).forwarding(to -> to.trustedProxies(trusted)))
                        .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                        .route("all", route -> route.path("/**").to("api"))
                        .plugin(ProbePlugin.of(
                                "look",
                                Filters.changingRequest((exchange, head) ->
                                        seen.set(head.fields().copy()))))
                        .start()) {
            assertThat(Plugged.ask(lb, "GET / HTTP/1.1\r\nHost: a\r\n" + CLAIMS + "X-Other: 1\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
        return Objects.requireNonNull(seen.get());
    }

    @Test
    void aStrangersWordIsNotShownToPlugins() {
        assertThat(seen()).hasToString("x-other: 1\n");
    }

    @Test
    void theWordOfAProxyThatIsTrustedIs() {
        assertThat(seen("127.0.0.1").value("x-forwarded-for")).contains("192.0.2.1");
        assertThat(seen("127.0.0.1").value("x-forwarded-client-cert")).contains("Hash=00");
    }

    @Test
    void aPluginHasTheFieldsThatTellOfTheClientBeforeTheRequestIsForwarded() {
        List<Object> seen = new ArrayList<>();
        Filter look = Filters.changingRequest((exchange, head) -> {
            exchange.tellOfClient();
            exchange.tellOfClient(); // once is enough
            seen.add(head.fields().values(FieldName.X_FORWARDED_FOR));
            seen.add(exchange.forwarded().orElseThrow().head().fields().values(FieldName.X_FORWARDED_FOR));
            head.fields().set("x-forwarded-for", "192.0.2.9");
            head.fields().remove("x-forwarded-host");
            head.authority("other.test");
            seen.add(exchange.clientAddress().orElseThrow().getHostAddress());
        });
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0).forwarding(to -> to.trustedProxies("127.0.0.1")))
                        .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                        .route("all", route -> route.path("/**").to("api"))
                        .plugin(ProbePlugin.of("look", look))
                        .start()) {
            Plugged.ask(lb, "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
            assertThat(seen)
                    .containsExactly(List.of("192.0.2.1, 127.0.0.1"), List.of("192.0.2.1, 127.0.0.1"), "192.0.2.1");
            var told = upstream.awaitRequest().headers();
            assertThat(told.all("x-forwarded-for")).containsExactly("192.0.2.9");
            assertThat(told.all("x-forwarded-proto")).containsExactly("http");
            assertThat(told.contains("x-forwarded-host")).isFalse();
        }
    }
}
