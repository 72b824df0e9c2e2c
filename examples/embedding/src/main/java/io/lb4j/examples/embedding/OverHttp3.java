package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;
import io.lb4j.http3.Http3;
import java.time.Duration;

/**
 * HTTP/3, on the port of the same number that HTTP/1.1 and HTTP/2 are served on. These tell clients of it by {@code Alt-Svc}; endpoints go on speaking
 * what they speak.
 *
 * <pre>
 * examples/run http3 [PORT]
 * curl -ik https://localhost:8080/                 HTTP/2, with the field alt-svc
 * curl -ik --http3-only https://localhost:8080/    HTTP/3, with a curl that speaks it
 * </pre>
 */
public final class OverHttp3 {
    private OverHttp3() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        start(Running.port(words)).untilEnded();
    }

    static Running start(int port) {
        LoadBalancer upstream = Upstreams.answering("a server of HTTP/1.1");
        return Running.start(
                LoadBalancer.builder()
                        .listener(
                                "secure",
                                listener -> listener.port(port)
                                        // For real names: certificates from files, or by ACME; see
                                        // examples/certificates.
                                        .tls(tls -> tls.selfSigned("localhost"))
                                        .http3(Http3.defaults())
                                        .altSvcMaxAge(Duration.ofHours(1)))
                        .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                        .route(route -> route.path("/**").to("api")),
                upstream::close);
    }
}
