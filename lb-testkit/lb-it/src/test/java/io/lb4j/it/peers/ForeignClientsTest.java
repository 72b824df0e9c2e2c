package io.lb4j.it.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.it.fixture.Command;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.tls.ClientTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/2 that others have written: bodies both ways, many requests at once, and endpoints of either version behind. */
final class ForeignClientsTest {
    private static final byte[] LARGE = new byte[1 << 20];

    private static ScriptedUpstream http1;
    private static ScriptedH2Upstream http2;
    private static LoadBalancer beforeHttp1;
    private static LoadBalancer beforeHttp2;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        for (int i = 0; i < LARGE.length; i++) {
            LARGE[i] = (byte) (i * 31);
        }
        http1 = ScriptedUpstream.start(script -> script.onAny().echo());
        http2 = ScriptedH2Upstream.start(script -> script.onAny().echo());
        beforeHttp1 = Between.start(Origin.http1(http1.port()));
        beforeHttp2 = Between.start(Origin.http2(http2.port()));
    }

    @AfterAll
    static void stop() {
        beforeHttp1.close();
        beforeHttp2.close();
        http1.close();
        http2.close();
    }

    private static List<LoadBalancer> balancers() {
        return List.of(beforeHttp1, beforeHttp2);
    }

    private static String plain(LoadBalancer balancer) {
        return "http://127.0.0.1:" + Between.plainPort(balancer) + "/echo";
    }

    private static String secured(LoadBalancer balancer) {
        return "https://127.0.0.1:" + Between.securedPort(balancer) + "/echo";
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http2-prior-knowledge", "--http2", "--http1.1"})
    void curlSendsAndGetsALargeBody(String version) throws Exception {
        Path sent = Files.write(folder.resolve("sent"), LARGE);
        Path got = folder.resolve("got");
        for (LoadBalancer balancer : balancers()) {
            // In clear --http2 asks for an upgrade to h2c, which is not given: the request is served over HTTP/1.1.
            for (String url : List.of(plain(balancer), secured(balancer))) {
                String said = Command.run(
                        "curl",
                        "-sSk",
                        version,
                        "--data-binary",
                        "@" + sent,
                        "-o",
                        got.toString(),
                        "-w",
                        "%{http_code} %{http_version}",
                        url);
                boolean isHttp2 =
                        version.endsWith("knowledge") || (version.equals("--http2") && url.startsWith("https"));
                assertThat(said).isEqualTo("200 " + (isHttp2 ? "2" : "1.1"));
                assertThat(got).hasBinaryContent(LARGE);
            }
        }
    }

    /** What is refused while it is still being sent is answered before its stream is reset, in a record of TLS of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"--http2", "--http1.1"})
    void curlHearsWhyItsBodyIsNotTaken(String version) throws Exception {
        Path sent = Files.write(folder.resolve("sent"), LARGE);
        try (LoadBalancer balancer = Between.before(Origin.http1(http1.port()))
                .route("first", route -> route.path("/refused").respond(413, response -> response.body("too large")))
                .start()) {
            for (int i = 0; i < 5; i++) {
                for (String url : List.of(plain(balancer), secured(balancer))) {
                    String said = Command.run(
                            "curl",
                            "-sSk",
                            version,
                            "-H",
                            "Expect:",
                            "--data-binary",
                            "@" + sent,
                            "-w",
                            " %{http_code}",
                            url.replace("/echo", "/refused"));
                    assertThat(said).isEqualTo("too large 413");
                }
            }
        }
    }

    @Test
    void nghttpGetsManyAtOnce() {
        for (LoadBalancer balancer : balancers()) {
            for (String url : List.of(plain(balancer), secured(balancer))) {
                String said = Command.run("nghttp", "-ns", "-m", "50", "--no-verify-peer", url);
                assertThat(said.lines().filter(line -> line.contains(" 200 ")))
                        .as(said)
                        .hasSize(50);
            }
        }
    }

    @Test
    void h2loadLosesNothing() throws Exception {
        Path body = Files.write(folder.resolve("body"), Arrays.copyOf(LARGE, 20_000));
        for (LoadBalancer balancer : balancers()) {
            String get = Command.run("h2load", "-n", "2000", "-c", "4", "-m", "20", plain(balancer));
            assertThat(get).contains("2000 succeeded, 0 failed, 0 errored");
            String post =
                    Command.run("h2load", "-n", "200", "-c", "4", "-m", "10", "-d", body.toString(), secured(balancer));
            assertThat(post).contains("200 succeeded, 0 failed, 0 errored");
        }
    }

    @Test
    void theJdksClientSendsAndGetsLargeBodiesAtOnce() throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(ClientTls.trustAll().context())
                .build();
        for (LoadBalancer balancer : balancers()) {
            URI target = URI.create("https://localhost:" + Between.securedPort(balancer) + "/echo");
            HttpRequest request = HttpRequest.newBuilder(target)
                    .POST(BodyPublishers.ofByteArray(LARGE))
                    .build();
            List<CompletableFuture<HttpResponse<byte[]>>> answers = IntStream.range(0, 10)
                    .mapToObj(i -> client.sendAsync(request, BodyHandlers.ofByteArray()))
                    .toList();
            for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
                assertThat(answer.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.get().body()).isEqualTo(LARGE);
            }
        }
    }

    @Test
    void okHttpSendsAndGetsALargeBody() throws Exception {
        OkHttpClient secured = new OkHttpClient.Builder()
                .sslSocketFactory(trusting().getSocketFactory(), new TrustsAll())
                .hostnameVerifier((host, session) -> true)
                .build();
        OkHttpClient plain = new OkHttpClient.Builder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();
        for (LoadBalancer balancer : balancers()) {
            assertEchoed(secured, secured(balancer), Protocol.HTTP_2);
            assertEchoed(plain, plain(balancer), Protocol.H2_PRIOR_KNOWLEDGE);
        }
        for (OkHttpClient client : List.of(secured, plain)) {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    private static void assertEchoed(OkHttpClient client, String url, Protocol protocol) throws Exception {
        Request request =
                new Request.Builder().url(url).post(RequestBody.create(LARGE)).build();
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.protocol()).isEqualTo(protocol);
            assertThat(response.body().bytes()).isEqualTo(LARGE);
        }
    }

    private static SSLContext trusting() throws NoSuchAlgorithmException, KeyManagementException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustsAll[] {new TrustsAll()}, null);
        return context;
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            // a test's own certificates
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            // a test's own certificates
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
