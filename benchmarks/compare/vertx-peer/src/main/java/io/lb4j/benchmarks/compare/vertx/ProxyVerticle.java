package io.lb4j.benchmarks.compare.vertx;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.httpproxy.HttpProxy;
import java.util.Set;

/** One proxy behind two listeners, plain and TLS, all on the event loop of this verticle. */
final class ProxyVerticle extends VerticleBase {
    private static final String LOOPBACK = "127.0.0.1";

    /** 16 connections with 32 streams each are the most that a scenario has in flight. */
    private static final int UPSTREAM_CONNECTIONS = 512;

    private static final int BACKLOG = 4096;

    private final PeerOptions options;

    ProxyVerticle(PeerOptions options) {
        this.options = options;
    }

    @Override
    public Future<?> start() {
        var client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAliveTimeout(600),
                new PoolOptions().setHttp1MaxSize(UPSTREAM_CONNECTIONS));
        var plain = vertx.createHttpServer(plainOptions()).requestHandler(proxy(client));
        var tls = vertx.createHttpServer(tlsOptions())
                .requestHandler(proxy(client).addInterceptor(new ConnectionFieldRemoval()));
        return Future.all(plain.listen(options.port(), LOOPBACK), tls.listen(options.tlsPort(), LOOPBACK));
    }

    private HttpProxy proxy(HttpClient client) {
        return HttpProxy.reverseProxy(client).origin(options.originPort(), options.originHost());
    }

    private static HttpServerOptions plainOptions() {
        return new HttpServerOptions().setAcceptBacklog(BACKLOG);
    }

    private HttpServerOptions tlsOptions() {
        var pem = new PemKeyCertOptions().addCertPath(options.certificate()).addKeyPath(options.key());
        // No cipher is set: BoringSSL lets the client choose among those of TLS 1.3, and the load generators offer one.
        return new HttpServerOptions()
                .setAcceptBacklog(BACKLOG)
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(pem)
                .setSslEngineOptions(new OpenSSLEngineOptions())
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
    }
}
