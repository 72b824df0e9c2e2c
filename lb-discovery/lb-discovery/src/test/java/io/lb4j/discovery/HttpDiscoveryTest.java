package io.lb4j.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.lb4j.config.ConfigurationException;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.TcpRelay;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints from a document over HTTP. It is long, for servers have many ways to answer, and each is a test of a few lines. */
final class HttpDiscoveryTest {
    private static final String ONE = "[{\"host\":\"10.0.0.1\",\"port\":80}]";
    private static final String TWO = "[{\"host\":\"10.0.0.1\",\"port\":80},{\"host\":\"10.0.0.2\",\"port\":80}]";
    private static final Duration SOON = Duration.ofMillis(100);
    private static final String SECRET = "t0ken-of-lb";

    private static List<Endpoint> asked(HttpEndpoints endpoints) throws IOException {
        try (Discovery discovery = endpoints.provider().create(Discovery.class)) {
            return discovery.discover();
        }
    }

    @Test
    void readsAListOrAnObjectWithOne() throws IOException {
        try (Inventory list = Inventory.of(ONE);
                Inventory object = Inventory.of("{\"endpoints\":" + ONE + ",\"total\":1}")) {
            assertThat(asked(HttpEndpoints.at(list.url()))).containsExactly(Endpoint.of("10.0.0.1", 80));
            assertThat(asked(HttpEndpoints.at(object.url()))).containsExactly(Endpoint.of("10.0.0.1", 80));
        }
    }

    @Test
    void pointersSayWhereThingsAre() throws IOException {
        try (Inventory inventory = Inventory.of("""
            {"data": {"nodes": [
              {"net": {"ip": "10.0.0.1"}, "ports": {"http": 8080}, "az": "a", "load": {"share": 30}, "rack": 7, "state": true},
              {"net": {"ip": "10.0.0.2"}, "ports": {"http": 8080}, "state": false}]}}
            """)) {
            HttpEndpoints endpoints = HttpEndpoints.at(inventory.url())
                    .entries("/data/nodes")
                    .field("host", "/net/ip")
                    .field("port", "/ports/http")
                    .field("zone", "/az")
                    .field("weight", "/load/share")
                    .field("healthy", "/state")
                    .field("rack", "/rack");
            assertThat(asked(endpoints))
                    .containsExactly(new Endpoint("10.0.0.1", 8080, 30, Map.of("zone", "a", "rack", "7")));
        }
    }

    @Test
    void whatGoesByTheSameNameInADocumentOfAnotherKindIsNotMeant() throws IOException {
        try (Inventory inventory = Inventory.of("""
            {"items": [{"metadata": {"name": "a", "labels": {"app": "api"}}, "status": {"podIP": "10.0.0.1"}, "port": 80,
               "version": {"major": 1}, "zone": ["a"], "tags": [{"Key": "k", "Value": "v"}]}]}
            """)) {
            HttpEndpoints endpoints = HttpEndpoints.at(inventory.url()).entries("/items");

            assertThat(asked(endpoints.field("host", "/status/podIP")))
                    .containsExactly(new Endpoint("10.0.0.1", 80, 100, Map.of("name", "a")));
            assertThat(asked(endpoints.field("host", "/status/podIP").field("zone", "/zone")))
                    .isEmpty();
        }
    }

    @Test
    void anAnswerMayBeCompressedAndBeginWithAMark() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(("\ufeff" + ONE).getBytes(StandardCharsets.UTF_8));
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .set("Content-Encoding", exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(200, packed.size());
            exchange.getResponseBody().write(packed.toByteArray());
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            assertThat(asked(HttpEndpoints.at(url + "/gzip"))).containsExactly(Endpoint.of("10.0.0.1", 80));
            assertThatThrownBy(() -> asked(HttpEndpoints.at(url + "/gzip").maxSize(30)))
                    .hasMessageContaining("larger than max_size");
            assertThatThrownBy(() -> asked(HttpEndpoints.at(url + "/br")))
                    .hasMessageContaining("content coding br (expected: gzip, or none)");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void weightsAreConsulsOrThoseThatTheMetadataSay() throws IOException {
        try (Inventory inventory = Inventory.of("""
            [{"Node": {}, "Service": {"Address": "10.0.0.1", "Port": 80, "Weights": {"Passing": 65535}}},
             {"Node": {}, "Service": {"Address": "10.0.0.2", "Port": 80, "Meta": {"weight": "250"}, "Weights": {"Passing": 2}}}]
            """)) {
            assertThat(asked(HttpEndpoints.at(inventory.url()).shape(DocumentShape.CONSUL)))
                    .extracting(Endpoint::weight)
                    .containsExactly(1_000_000, 250);
        }
    }

    @Test
    void readsWhatConsulAnswers() throws IOException {
        try (Inventory inventory = Inventory.of("""
            [{"Node": {"Address": "10.0.0.9", "Datacenter": "dc1"}, "Service": {"ID": "a", "Address": "", "Port": 80,
               "Tags": ["x"], "Meta": {"zone": "a"}, "Weights": {"Passing": 2}}, "Checks": [{"Status": "passing"}]},
             {"Node": {"Address": "10.0.0.9"}, "Service": {"ID": "b", "Address": "10.0.0.2", "Port": 80},
               "Checks": [{"Status": "critical"}]},
             {"Address": "10.0.0.8", "Datacenter": "dc1", "ServiceID": "c", "ServiceAddress": "10.0.0.3", "ServicePort": 81}]
            """)) {
            assertThat(asked(HttpEndpoints.at(inventory.url()).shape(DocumentShape.CONSUL)))
                    .containsExactly(
                            new Endpoint("10.0.0.9", 80, 200, Map.of("datacenter", "dc1", "zone", "a", "tags", "x")),
                            new Endpoint("10.0.0.3", 81, 100, Map.of("datacenter", "dc1")));
        }
    }

    @Test
    void readsWhatEurekaAnswers() throws IOException {
        String up = """
            {"instanceId": "a", "hostName": "a.internal", "ipAddr": "10.0.0.1", "status": "UP",
             "port": {"$": 8080, "@enabled": "true"}, "securePort": {"$": 443, "@enabled": "false"},
             "metadata": {"@class": "java.util.Collections$EmptyMap", "version": "2"},
             "dataCenterInfo": {"name": "Amazon", "metadata": {"availability-zone": "eu-1a"}}}\
            """;
        String secure = """
            {"instanceId": "b", "hostName": "b.internal", "status": "UP",
             "port": {"$": 8080, "@enabled": "false"}, "securePort": {"$": 8443, "@enabled": "true"}}\
            """;
        String down = "{\"instanceId\": \"c\", \"ipAddr\": \"10.0.0.3\", \"status\": \"DOWN\", \"port\": {\"$\": 80}}";
        Endpoint first = new Endpoint("10.0.0.1", 8080, 100, Map.of("version", "2", "zone", "eu-1a"), "a.internal");
        try (Inventory one = Inventory.of("{\"application\": {\"name\": \"API\", \"instance\": " + up + "}}");
                Inventory all = Inventory.of("{\"applications\": {\"application\": [{\"instance\": [" + up + ","
                        + secure + "," + down + "]}]}}")) {
            assertThat(asked(HttpEndpoints.at(one.url()).shape(DocumentShape.EUREKA)))
                    .containsExactly(first);
            assertThat(asked(HttpEndpoints.at(all.url()).shape(DocumentShape.EUREKA)))
                    .containsExactly(first, Endpoint.of("b.internal", 8443));
        }
    }

    @Test
    void asksAgainWithTheTagItKnows() {
        try (Inventory inventory = Inventory.of(ONE);
                Watched watched = Watched.by(
                        HttpEndpoints.at(inventory.url()).interval(SOON).provider())) {
            watched.awaitAddresses("10.0.0.1:80");
            await().until(() ->
                    inventory.questions().stream().anyMatch(asked -> asked.tag().isPresent()));
            inventory.says(TWO);
            watched.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
        }
    }

    @Test
    void aServerThatWaitsForChangesIsAskedOncePerChange() {
        try (Inventory inventory = Inventory.thatWaits(ONE);
                Watched watched = Watched.by(HttpEndpoints.at(inventory.url())
                        .interval(Duration.ofMinutes(1))
                        .longPoll(Duration.ofMinutes(1))
                        .provider())) {
            watched.awaitAddresses("10.0.0.1:80");
            await().until(() -> inventory.questions().size() >= 2);
            inventory.says(TWO);
            watched.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
            assertThat(inventory.questions()).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void aServerThatDoesNotKnowHowToWaitIsNotAskedWithoutPause() {
        try (Inventory inventory = Inventory.of(ONE);
                Watched watched = Watched.by(HttpEndpoints.at(inventory.url())
                        .interval(Duration.ofMinutes(1))
                        .longPoll(Duration.ofMinutes(1))
                        .provider())) {
            watched.awaitAddresses("10.0.0.1:80");
            await().until(() -> inventory.questions().size() >= 2);
            await().during(Duration.ofMillis(500))
                    .until(() -> inventory.questions().size() == 2);
        }
    }

    @Test
    void credentialsAreShownToTheServerAndToNobodyElse() throws IOException {
        try (Inventory inventory = Inventory.of(ONE)) {
            HttpEndpoints endpoints = HttpEndpoints.at(inventory.url());
            asked(endpoints.bearer(SECRET));
            asked(endpoints.basic("lb", SECRET));
            assertThat(inventory.questions())
                    .extracting(asked -> asked.authorization().orElse(""))
                    .containsExactly("Bearer " + SECRET, "Basic bGI6dDBrZW4tb2YtbGI=");
            assertThat(endpoints.bearer(SECRET)).asString().doesNotContain(SECRET);

            inventory.says(401, SECRET);
            assertThatThrownBy(() -> asked(endpoints.bearer(SECRET)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("status 401 (expected: bearer")
                    .hasMessageNotContaining(SECRET);
            assertThatThrownBy(() -> asked(HttpEndpoints.at(inventory.url() + "?key=" + SECRET)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(inventory.url())
                    .hasMessageNotContaining(SECRET);
            assertThatThrownBy(() -> endpoints.bearer(SECRET).basic("lb", SECRET))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageNotContaining(SECRET);
        }
    }

    @Test
    void badAnswersLeaveInForceWhatIsKnown() {
        try (Inventory inventory = Inventory.of(ONE);
                Watched watched = Watched.with(discovery -> discovery
                        .provider(HttpEndpoints.at(inventory.url())
                                .interval(SOON)
                                .maxSize(1000)
                                .provider())
                        .backoff(SOON, SOON))) {
            watched.awaitAddresses("10.0.0.1:80");
            for (String bad : List.of("<html>", "", "{\"error\":1}", "[".repeat(900), " ".repeat(2000), "[{},")) {
                inventory.says(bad);
                watched.awaitStale();
                assertThat(watched.addresses()).containsExactly("10.0.0.1:80");
                inventory.says(ONE);
                watched.awaitFresh();
            }
            inventory.says(500, TWO);
            watched.awaitStale();
            inventory.says(200, "[{\"host\":\"10.0.0.2\",\"port\":80},{\"host\":\"x\"},7]");
            watched.awaitAddresses("10.0.0.2:80");
            assertThat(watched.source().skipped()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatHangsOrTricklesIsFoundOut() {
        try (Inventory inventory = Inventory.of(TWO);
                TcpRelay relay = TcpRelay.to(inventory.address());
                Watched watched = Watched.with(discovery -> discovery
                        .provider(HttpEndpoints.at("http://127.0.0.1:" + relay.port() + "/")
                                .interval(SOON)
                                .timeout(Duration.ofMillis(500))
                                .provider())
                        .backoff(SOON, SOON))) {
            watched.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
            relay.blackhole(true);
            watched.awaitStale();
            relay.blackhole(false);
            watched.awaitFresh();
            inventory.says("[" + "1,".repeat(2000) + "1]");
            relay.impair(Impairment.none().bandwidth(100));
            watched.awaitStale();
            // The first error may be another: where the machine stands still, it is the connection that is late.
            await().untilAsserted(() -> assertThat(watched.source().lastError())
                    .hasValueSatisfying(text -> assertThat(text).contains("no whole answer in time")));
            inventory.says(ONE);
            relay.impair(Impairment.none());
            watched.awaitAddresses("10.0.0.1:80");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatComesAnOctetAtATimeIsFoundOut(boolean isChunked) {
        Answer answer = Answer.status(200).body("[" + " ".repeat(10_000) + "]").inPieces(1, Duration.ofMillis(100));
        Answer trickling = isChunked ? answer.chunked() : answer; // for a quarter of an hour
        try (ScriptedUpstream slow =
                ScriptedUpstream.start(script -> script.onAny().answer(trickling))) {
            HttpEndpoints endpoints =
                    HttpEndpoints.at("http://127.0.0.1:" + slow.port() + "/").timeout(Duration.ofSeconds(1));

            assertThatThrownBy(() -> asked(endpoints)).hasMessageContaining("no whole answer in time");
            try (Watched watched = Watched.by(endpoints.provider())) {
                watched.awaitStale();
                assertThat(watched.source().lastError())
                        .hasValueSatisfying(text -> assertThat(text).contains("no whole answer in time"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "Thu, 01 Jan 2026 00:00:03 GMT"})
    void aServerThatIsBusyIsLeftAloneForAsLongAsItSays(String retryAfter) throws IOException {
        Answer busy = Answer.status(retryAfter.length() > 1 ? 503 : 429)
                .header("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
                .header("Retry-After", retryAfter);
        List<Long> askedAtNanos = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(head -> askedAtNanos.add(System.nanoTime()) && askedAtNanos.size() == 1)
                            .answer(busy);
                    script.onAny().answer(200, ONE);
                });
                Watched watched = Watched.by(HttpEndpoints.at("http://127.0.0.1:" + server.port() + "/")
                        .provider())) {
            watched.awaitAddresses("10.0.0.1:80");
            assertThat(watched.source().errors()).isEqualTo(1);
            assertThat(Duration.ofNanos(askedAtNanos.get(1) - askedAtNanos.get(0)))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(2900)); // a back-off alone is shorter
        }
    }

    @Test
    void aServerThatIsBusyForLongIsAskedAllTheSame() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        HttpBusy busy = new HttpBusy("status 503", HttpBusy.wanted(Optional.of("86400"), now));

        assertThat(busy.pause(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(30));
        assertThat(busy.pause(Duration.ofMinutes(2))).isEqualTo(Duration.ofMinutes(2));
        for (String unfit : List.of("-1", "soon", "Wed, 31 Dec 2025 00:00:00 GMT", "99999999999")) {
            assertThat(HttpBusy.wanted(Optional.of(unfit), now)).isEqualTo(Duration.ZERO);
        }
    }

    @Test
    void fieldsAreNotShownAndThoseThatWouldNotBeSentAreRefused() {
        HttpEndpoints endpoints = HttpEndpoints.at("http://127.0.0.1/");

        assertThat(endpoints.header("X-Api-Key", SECRET)).asString().doesNotContain(SECRET);
        for (String name : List.of("Host", "content-length", "X Key", "")) {
            assertThatThrownBy(() -> endpoints.header(name, SECRET))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("\"" + name + "\" (expected: the name of a field")
                    .hasMessageNotContaining(SECRET);
        }
    }

    @Test
    void theServerAndTheClientShowCertificates(@TempDir Path folder) throws Exception {
        TestCertificates authority = TestCertificates.create();
        Path trusted = authority.writePem(folder.resolve("ca.pem"));
        TestCertificate.PemFiles own = authority.client("lb").writePem(folder, "client");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(demanding(authority));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, ONE.length());
            exchange.getResponseBody().write(ONE.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        try {
            HttpEndpoints endpoints =
                    HttpEndpoints.at("https://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertThat(asked(endpoints.trust(trusted).clientCertificate(own.chain(), own.key())))
                    .hasSize(1);
            assertThatThrownBy(() -> asked(endpoints.trust(trusted))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> asked(endpoints))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certif");
        } finally {
            server.stop(0);
        }
    }

    private static HttpsConfigurator demanding(TestCertificates authority) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(authority.server("127.0.0.1").keyStore(), TestCertificate.KEY_STORE_PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authority.trustStore());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters needed = context.getDefaultSSLParameters();
                needed.setNeedClientAuth(true);
                parameters.setSSLParameters(needed);
            }
        };
    }
}
