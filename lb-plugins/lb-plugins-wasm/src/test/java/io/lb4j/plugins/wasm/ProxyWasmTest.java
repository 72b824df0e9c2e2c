package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.PluginPage;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.spi.PluginContext;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a guest of proxy-wasm can do, over real sockets. The guest is {@code probe.c}. One class, for all of it shares one host, whose guest is compiled
 * once.
 */
final class ProxyWasmTest {
    private static ProbeHost host;

    @BeforeAll
    static void start() {
        host = ProbeHost.probe();
    }

    @AfterAll
    static void end() {
        host.close();
    }

    @Test
    void thePageSaysWhatCanBeConfigured(@TempDir Path folder) throws IOException {
        PluginPage.requireChapter(new WasmFactory());
        String imports = "import io.lb4j.plugins.wasm.Wasm;\nimport java.nio.file.Path;\nimport java.util.Map;";
        PluginPage.requireExamples(folder, imports, "wasm");
    }

    @Test
    void fieldsAreAddedAndRemoved() {
        RawResponse response = host.ask("add", "X-Secret: s");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.headers().first("x-seen-status")).contains("200");
        assertThat(host.seen("x-added")).isEqualTo("1");
        assertThat(host.seen("x-secret")).isEmpty();
        assertThat(host.seen("x-fields")).isEqualTo("10"); // four of HTTP/2, four of X-Forwarded, x-do and x-secret
    }

    @Test
    void aGuestAnswersInTheEndpointsPlace() {
        RawResponse response = host.ask("reply");
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.text()).isEqualTo("denied\n");
        assertThat(response.headers().first("x-reply")).contains("probe");
        assertThat(host.ask("reply-twice").text()).isEqualTo("first\n");
        assertThat(host.ask("resp-reply").text()).isEqualTo("replaced\n");
    }

    @Test
    void aCallOfGrpcIsAnsweredInItsOwnWay() {
        RawResponse response = host.ask("reply", "Content-Type: application/grpc");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().first("grpc-status")).contains("7");
        assertThat(response.headers().first("grpc-message")).contains("denied%0A");
    }

    @Test
    void aPauseLastsUntilTheGuestLetsGo() {
        assertThat(host.ask("pause").status()).isEqualTo(200);
        assertThat(host.seen("x-let-go")).isEqualTo("tick");
    }

    @Test
    void pseudoFieldsAreTheHeads() {
        assertThat(host.ask("move").status()).isEqualTo(200);
        assertThat(host.served().seen().target()).isEqualTo("/moved?to=here");
        assertThat(host.seen("host")).isEqualTo("b.example");
        assertThat(host.ask("teapot").status()).isEqualTo(418);
        host.ask("unknown-pseudo");
        assertThat(host.seen("x-status")).isEqualTo("2");
    }

    @Test
    void aWholeMapIsPutInPlace() {
        host.ask("map", "X-Other: 1");
        assertThat(host.served().seen().target()).isEqualTo("/whole");
        assertThat(host.served().seen().headers().all("x-only")).containsExactly("1", "2");
        assertThat(host.seen("x-other")).isEmpty();
        assertThat(host.seen("host")).isEqualTo("a.example");
    }

    @Test
    void mapsThatAreNotThereAreArgumentsThatAreWrong() {
        host.ask("wrong-map");
        assertThat(host.seen("x-status")).isEqualTo("221");
    }

    @Test
    void aMapThatIsNotThereHasNoPairs() {
        host.ask("no-map");
        assertThat(host.seen("x-status")).isEqualTo("2"); // and 0 before it
        assertThat(host.seen("x-size")).isEqualTo("0");
    }

    @Test
    void aPluginsConfigurationIsThereAtAnyTime() {
        byte[] guest = Guests.wat("""
                (module
                (import "env" "proxy_get_buffer_bytes" (func $bytes (param i32 i32 i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (func (export "proxy_abi_version_0_2_1"))
                (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (if (call $bytes (i32.const 7) (i32.const 0) (i32.const 99) (i32.const 8) (i32.const 12)) (then unreachable))
                  (if (i32.ne (i32.load (i32.const 12)) (i32.const 6)) (then unreachable))
                  (i32.const 0)))
                """);
        try (ProbeHost configured = ProbeHost.of(guest, wasm -> wasm.config("plugin"), use -> {})) {
            assertThat(configured.ask("anything").status()).isEqualTo(200);
        }
    }

    @Test
    void theMachinesConfigurationIsThereWhenThePluginsIs() {
        byte[] guest = Guests.wat("""
                (module
                (import "env" "proxy_get_buffer_bytes" (func $bytes (param i32 i32 i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (func (export "proxy_abi_version_0_2_1"))
                (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
                (func (export "proxy_on_configure") (param i32 i32) (result i32)
                  (drop (call $bytes (i32.const 6) (i32.const 0) (i32.const 99) (i32.const 8) (i32.const 12)))
                  (i32.eq (i32.load (i32.const 12)) (i32.const 7))))
                """);
        try (ProbeHost configured = ProbeHost.of(guest, wasm -> wasm.vmConfig("machine"), use -> {})) {
            assertThat(configured.ask("anything").status()).isEqualTo(200);
        }
    }

    @Test
    void whatCannotBeSentIsRefused() {
        assertThat(host.ask("crlf").status()).isEqualTo(200);
        assertThat(host.seen("x-status")).isEqualTo("2");
        assertThat(host.seen("x-status-name")).isEqualTo("2");
        assertThat(host.seen("x-bad")).isEmpty();
        assertThat(host.seen("x-evil")).isEmpty();
        assertThat(host.ask("connect").status()).isEqualTo(500); // what core does not send
    }

    @ParameterizedTest
    @CsvSource({
        "request.path, /?q=1",
        "request.url_path, /",
        "request.query, q=1",
        "request.query., q=1",
        "request.host, a.example",
        "request.method, GET",
        "request.scheme, http",
        "request.protocol, HTTP/1.1",
        "request.headers.x-prop, request.headers.x-prop",
        "plugin_name, wasm",
        "plugin_root_id, ''",
        "route_name, all",
        "xds.route_name, all",
        "xds.listener_name, main",
    })
    void propertiesAreKnownByTheirNames(String name, String value) {
        host.served().get("/?q=1", "X-Do: prop", "X-Prop: " + name);
        assertThat(host.seen("x-status")).isEqualTo("0");
        // The probe makes points of zeros in place, and shows the value as it lies there.
        assertThat(host.seen("x-value").replace('\0', '.')).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "no_such",
        "request.nothing",
        "request.headers.none",
        "upstream.port",
        "response.code",
        "connection.tls_version"
    })
    void propertiesThatAreNotThereAreNotFound(String name) {
        host.ask("prop", "X-Prop: " + name);
        assertThat(host.seen("x-status")).isEqualTo("1");
    }

    @Test
    void addressesHaveTheirPorts() {
        host.ask("prop", "X-Prop: source.address");
        assertThat(host.seen("x-value")).matches("127\\.0\\.0\\.1:[0-9]+");
        host.ask("prop", "X-Prop: destination.address");
        assertThat(host.seen("x-value"))
                .isEqualTo("127.0.0.1:" + host.served().balancer().port());
    }

    @Test
    void whatAGuestHasSetIsThere() {
        host.ask("set-prop", "X-Prop: mine");
        assertThat(host.seen("x-value")).isEqualTo("kept");
    }

    @Test
    void bodiesAreChangedAsTheyCome() {
        Served served = host.served();
        assertThat(host.send("upper", "shout").status()).isEqualTo(200);
        assertThat(served.seen().body().text()).isEqualTo("SHOUT");
        assertThat(host.send("none", "quiet").status()).isEqualTo(200);
        assertThat(served.seen().body().text()).isEqualTo("quiet");
        assertThat(host.ask("resp-upper").text()).isEqualTo("HELLO");
        chunked("around", "a", "b");
        assertThat(served.seen().body().text()).startsWith("<a").endsWith("b>");
    }

    @Test
    void aBodyIsGatheredWhileTheGuestPauses() {
        chunked("gather", "one", "two", "three");
        assertThat(host.served().seen().body().text()).isEqualTo("11");
    }

    @Test
    void aBodyThatWaitsAtItsEndIsChangedBeforeItGoesOn() {
        chunked("body-pause", "one", "two");
        assertThat(host.served().seen().body().text()).isEqualTo("onetick");
    }

    @Test
    void trailersAreSeenAndChanged() {
        RawResponse response = host.served()
                .ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\n\r\n");
        assertThat(response.status()).isEqualTo(200);
        assertThat(host.served().seen().trailers().first("x-trailer-seen")).contains("1");
    }

    private static void chunked(String what, String... pieces) {
        StringBuilder text = new StringBuilder(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-Do: " + what + "\r\n\r\n");
        for (String piece : pieces) {
            text.append(Integer.toHexString(piece.length()))
                    .append("\r\n")
                    .append(piece)
                    .append("\r\n");
        }
        assertThat(host.served().ask(text.append("0\r\n\r\n").toString()).status())
                .isEqualTo(200);
    }

    @Test
    void aGuestThatPausesInTheMiddleOfABodyLetsItGoOnBeforeThereIsMore() {
        long before = host.served().upstream().requestCount();
        try (RawClient client = host.served().connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a.example\r\nX-Do: mid-pause\r\nContent-Length: 8\r\n\r\nfour");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> host.served().upstream().requestCount() > before
                            && host.served().seen().body().text().equals("four"));
            assertThat(client.send("more").readResponse().status()).isEqualTo(200);
            assertThat(host.served().seen().awaitComplete().body().text()).isEqualTo("fourmore");
        }
    }

    /** Keeps the configuration from coming into force until the event loops have done what they were asked to before. */
    private static Plugin slow() {
        return new Plugin() {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public String version() {
                return "1";
            }

            @Override
            public void init(PluginContext context) {
                for (int i = 0; i < 10; i++) {
                    context.eventLoops().forEach(loop -> loop.submit(() -> {}).awaitUninterruptibly());
                }
            }

            @Override
            public Filter filter(FilterExchange exchange) {
                return new Filter() {};
            }
        };
    }

    @Test
    void whatAGuestAsksForAsItStartsIsDoneOnceTheConfigurationIsInForce(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("early.wasm"), Guests.c("early"));
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.process(process -> process.eventLoops(1))
                        .plugin(Wasm.plugin(wasm -> wasm.path(file)))
                        .plugin(slow()))) {
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                served.get("/");
                assertThat(served.seen().headers().first("x-early")).contains("200");
            });
        }
    }

    @Test
    void aConfigurationMayHaveSeveralLines() {
        String text = "{\n\t\"rules\": [\r\n]\n}\n";
        try (ProbeHost told = ProbeHost.of(Guests.c("handler"), wasm -> wasm.config(text), use -> {})) {
            told.ask("config-length");
            assertThat(told.seen("x-config-length")).isEqualTo(Integer.toString(text.length()));
        }
    }

    @Test
    void aClientBehindATrustedProxyIsTheSource() {
        host.ask("prop", "X-Prop: source.address", "X-Forwarded-For: 192.0.2.1");
        assertThat(host.seen("x-value")).isEqualTo("192.0.2.1:0");
        host.ask("prop", "X-Prop: request.headers.x-forwarded-for", "X-Forwarded-For: 192.0.2.1");
        assertThat(host.seen("x-value")).isEqualTo("192.0.2.1, 127.0.0.1");
        assertThat(host.seen("x-forwarded-for")).isEqualTo("192.0.2.1, 127.0.0.1");
        host.ask("prop", "X-Prop: request.headers.x-forwarded-for");
        assertThat(host.seen("x-value")).isEqualTo("127.0.0.1");
    }

    @Test
    void octetsAreCompressedAndUncompressedByForeignFunctions() {
        assertThat(host.ask("compress").status()).isEqualTo(200);
        assertThat(Integer.parseInt(host.seen("x-packed"))).isBetween(10, 200);
        assertThat(host.seen("x-whole")).isEqualTo("3000110");
        assertThat(host.seen("x-status"))
                .isEqualTo("331"); // 0 twice, one that is cut, one that is none, no such function
    }

    @Test
    void aGuestThatCompressesWithoutEndIsStopped() {
        assertThat(host.ask("bomb").status()).isEqualTo(500);
        assertThat(host.ask("add").status()).isEqualTo(200);
    }

    @Test
    void aGuestThatAsksForAllFieldsSeesWhatEndpointsAreTold() {
        host.ask("list", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https");
        int port = host.served().balancer().port();
        assertThat(host.seen("x-list"))
                .contains("x-forwarded-for|192.0.2.1, 127.0.0.1|", "x-forwarded-proto|https|")
                .contains("x-forwarded-host|a.example|", "x-forwarded-port|" + port + "|");
        assertThat(host.seen("x-forwarded-for")).isEqualTo("192.0.2.1, 127.0.0.1");
    }

    @Test
    void whatAGuestMakesOfTheFieldsThatTellOfTheClientIsWhatEndpointsSee() {
        host.ask("disown", "X-Forwarded-For: 192.0.2.1");
        assertThat(host.seen("x-forwarded-for")).isEmpty();
        assertThat(host.seen("x-forwarded-proto")).isEqualTo("gopher");
        assertThat(host.seen("x-forwarded-host")).isEqualTo("a.example"); // what the client has asked for
        assertThat(host.seen("host")).isEqualTo("other.example");
        assertThat(host.seen("x-list")).doesNotContain("x-forwarded-for");
    }

    @Test
    void aGuestSeesWhatPluginsBeforeItTellEndpoints() {
        try (ProbeHost told = ProbeHost.in(
                Guests.c("probe"),
                builder -> builder.plugin(Plugins.requestId(id -> {}))
                        .listener(
                                "other",
                                listener -> listener.port(0)
                                        .forwarding(to -> to.xForwarded(false)
                                                .forwarded(true)
                                                .via("lb"))))) {
            told.askOn("other", "list", "X-Forwarded-For: 192.0.2.1");
            assertThat(told.seen("x-list"))
                    .contains("x-request-id|" + told.seen("x-request-id"))
                    .contains("forwarded|for=127.0.0.1;host=\"a.example\";proto=http|", "via|1.1 lb|")
                    .doesNotContain("x-forwarded-");
        }
    }

    @Test
    void aClusterIsCalledAndTheRequestWaits() {
        RawResponse response = host.ask("call", "X-Cluster: api");
        assertThat(response.status()).isEqualTo(200);
        assertThat(host.seen("x-call-status")).isEqualTo("200");
        assertThat(host.seen("x-call-body")).isEqualTo("hello");
        assertThat(host.served().upstream().requests()).anySatisfy(asked -> {
            assertThat(asked.target()).isEqualTo("/ask");
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.body().text()).isEqualTo("question");
            assertThat(asked.headers().first("x-from")).contains("probe");
        });
    }

    @Test
    void aCallWithoutAMethodIsGetAndItsHostMayBeCalledSo() {
        byte[] guest = Guests.wat("""
                (module
                (import "env" "proxy_http_call" (func $call (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (data (i32.const 64) "api")
                (data (i32.const 128) "\\02\\00\\00\\00\\05\\00\\00\\00\\04\\00\\00\\00\\04\\00\\00\\00\\05\\00\\00\\00:path\\00/ask\\00host\\00guest\\00")
                (func (export "proxy_abi_version_0_2_1"))
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (if (call $call (i32.const 64) (i32.const 3) (i32.const 128) (i32.const 42) (i32.const 0) (i32.const 0)
                      (i32.const 0) (i32.const 0) (i32.const 1000) (i32.const 8)) (then unreachable))
                  (i32.const 0)))
                """);
        try (ProbeHost host = ProbeHost.of(guest, wasm -> {}, use -> {})) {
            assertThat(host.ask("anything").status()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(host.served().upstream().requests())
                    .anySatisfy(asked -> {
                        assertThat(asked.target()).isEqualTo("/ask");
                        assertThat(asked.method()).isEqualTo("GET");
                        assertThat(asked.headers().first("host")).contains("guest");
                    }));
        }
    }

    @Test
    void aClusterThatIsUnknownIsAnArgumentThatIsWrong() {
        assertThat(host.ask("call", "X-Cluster: nobody").status()).isEqualTo(200);
        assertThat(host.seen("x-status")).isEqualTo("2");
    }

    @Test
    void sharedDataIsComparedAndSet() {
        host.ask("count");
        int first = Integer.parseInt(host.seen("x-count"));
        host.ask("count");
        assertThat(host.seen("x-count")).isEqualTo(Integer.toString(first + 1));
        assertThat(host.seen("x-status")).isEqualTo("0");
        assertThat(host.seen("x-mismatch")).isEqualTo("8");
    }

    @Test
    void aQueueTellsWhoeverListens() {
        assertThat(host.ask("enqueue").status()).isEqualTo(200);
        assertThat(host.seen("x-let-go")).isEqualTo("queue");
    }

    @Test
    void figuresAreThoseOfThePlugin() {
        host.ask("metric");
        long seen = Long.parseLong(host.seen("x-metric"));
        assertThat(host.seen("x-status")).isEqualTo("2"); // a counter does not count down
        assertThat(host.seen("x-status-record")).isEqualTo("2");
        assertThat(host.figures().get("probe.calls"))
                .as("what is recorded is added, as with Envoy")
                .isGreaterThanOrEqualTo(seen + 100);
        assertThat(host.figures().get("probe.calls"))
                .isGreaterThanOrEqualTo(seen)
                .isPositive();
    }

    @Test
    void aStreamThatIsClosedIsAnsweredWith503() {
        assertThat(host.ask("close").status()).isEqualTo(503);
    }

    @Test
    void aGuestMayCallTheHostAsItStarts() {
        byte[] guest = Guests.wat("""
                (module
                (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
                (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (data (i32.const 64) "x-started")
                (func (export "proxy_abi_version_0_2_1"))
                (func $start (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 8))))
                (start $start)
                (func (export "_initialize") (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 16))))
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (if (i32.and (i64.ne (i64.load (i32.const 8)) (i64.const 0)) (i64.ne (i64.load (i32.const 16)) (i64.const 0)))
                    (then (drop (call $add (i32.const 0) (i32.const 64) (i32.const 9) (i32.const 64) (i32.const 1)))))
                  (i32.const 0)))
                """);
        try (ProbeHost started = ProbeHost.of(guest, wasm -> {}, use -> {})) {
            assertThat(started.ask("start").status()).isEqualTo(200);
            assertThat(started.seen("x-started")).isEqualTo("x");
        }
    }

    @Test
    void aConfigurationThatAGuestRefusesIsRefused() {
        assertThatThrownBy(() -> ProbeHost.of(Guests.c("probe"), wasm -> wasm.config("refuse"), use -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plugins.wasm")
                .hasMessageContaining("proxy_on_configure: false");
    }

    @Test
    void capabilitiesAreRestricted() {
        try (ProbeHost restricted = ProbeHost.of(
                Guests.c("probe"),
                wasm -> wasm.capabilities(
                                "proxy_on_memory_allocate",
                                "proxy_on_context_create",
                                "proxy_on_request_headers",
                                "proxy_get_header_map_value",
                                "proxy_replace_header_map_value",
                                "proxy_http_call")
                        .clusters("other"),
                use -> use.timeout(Duration.ofMillis(200)))) {
            assertThat(restricted.ask("reply").status()).isEqualTo(504); // it pauses for an answer that it may not give
            assertThat(restricted.ask("call", "X-Cluster: api").status()).isEqualTo(200);
            assertThat(restricted.seen("x-status")).isEqualTo("2");
            assertThat(restricted.ask("add").headers().contains("x-seen-status"))
                    .isFalse();
        }
    }
}
