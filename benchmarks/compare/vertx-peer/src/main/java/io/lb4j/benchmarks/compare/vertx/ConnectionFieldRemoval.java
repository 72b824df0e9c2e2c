package io.lb4j.benchmarks.compare.vertx;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;

/**
 * Removes the origin's Connection field from responses over HTTP/2.
 *
 * <p>Vert.x http-proxy 5.0.10 passes it on, and a client then refuses the whole response as malformed
 * (RFC 9113 §8.2.2): without this the peer has no figure for HTTP/2.
 */
final class ConnectionFieldRemoval implements ProxyInterceptor {
    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
        if (context.request().version() == HttpVersion.HTTP_2) {
            context.response().headers().remove(HttpHeaders.CONNECTION);
        }
        return context.sendResponse();
    }
}
