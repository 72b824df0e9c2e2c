package io.lb4j.it.plugins;

import static io.lb4j.it.plugins.Plugged.GET;
import static io.lb4j.it.plugins.Plugged.ask;
import static io.lb4j.it.plugins.Plugged.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.http.RequestHead;
import io.lb4j.spi.Filter;
import io.lb4j.spi.Filter.Verdict;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What goes by most plugins: ends, tunnels, informational responses. */
final class PassingTest {
    @Test
    void anAccessPluginSeesEveryExchangeThatHasEnded() {
        List<String> ended = new CopyOnWriteArrayList<>();
        ProbePlugin access = ProbePlugin.of("log", new Filter() {
                    @Override
                    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                        ended.add("not to be called");
                        return Verdict.CONTINUE;
                    }

                    @Override
                    public void onEnd(FilterExchange exchange) {
                        ended.add(exchange.request().path() + " "
                                + exchange.access().response().status());
                    }
                })
                .type(Plugin.Type.ACCESS);
        try (LoadBalancer lb = LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route(route -> route.path("/ok").respond(200))
                .plugin(access)
                .start()) {
            ask(lb, get("/ok"));
            ask(lb, get("/missing"));
            ask(lb, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");

            await().untilAsserted(() -> assertThat(ended).hasSize(3));
            assertThat(ended.subList(0, 2)).containsExactly("/ok 200", "/missing 404");
            assertThat(ended.get(2)).endsWith(" 400");
            assertThat(Plugged.plugin(lb, "plugins.log").calls()).isEqualTo(3);
        }
    }

    @Test
    void upgradesGoThroughWithTheirHeadsAndNothingElse() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Filters.UpperCase upper = new Filters.UpperCase(Verdict.CONTINUE, "");
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().upgrade("websocket"));
                LoadBalancer lb = Plugged.before(upstream)
                        .plugin(ProbePlugin.of("data", upper))
                        .plugin(ProbePlugin.of(
                                "head", Filters.changingResponse((exchange, head) -> seen.add("" + head.status()))))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(101);
            client.send("hello");

            assertThat(new String(client.read(5), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
            assertThat(seen).containsExactly("101");
            assertThat(upper.seen()).isEmpty();
        }
    }

    @Test
    void informationalResponsesPassWithoutACallback() {
        List<String> seen = new CopyOnWriteArrayList<>();
        ProbePlugin looking =
                ProbePlugin.of("look", Filters.changingResponse((exchange, head) -> seen.add("" + head.status())));
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().inform(103, "link", "</a>").answer(200, "b"));
                LoadBalancer lb = Plugged.before(upstream).plugin(looking).start()) {
            RawResponse response = ask(lb, GET);

            assertThat(response.informational()).hasSize(1);
            assertThat(response.text()).isEqualTo("b");
            assertThat(seen).containsExactly("200");
        }
    }
}
