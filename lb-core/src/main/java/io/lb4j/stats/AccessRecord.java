package io.lb4j.stats;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.Method;
import io.lb4j.http.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is left of an exchange that has ended. Immutable.
 *
 * @param exchange the exchange's number
 * @param time when it began
 * @param connection the connection that it came by
 * @param request what was asked for
 * @param response what was answered
 * @param upstream who answered
 */
public record AccessRecord(
        long exchange, Instant time, ConnectionInfo connection, Request request, Response response, Upstream upstream) {
    /**
     * What the client has asked for, whatever plugins and the route have made of it. The query is left out of {@link #toString()}, for it may hold secrets.
     *
     * @param method as received
     * @param authority the host, with a port where one was given; empty if there was none
     * @param path without the query
     * @param query without its question mark, as plugins have left it: a key that one has taken away is not there
     * @param version of the client's leg
     * @param bytes octets of the body
     * @param isPush whether the client has not asked: a plugin has had the response pushed to it
     */
    public record Request(
            Method method,
            String authority,
            String path,
            Optional<String> query,
            Version version,
            long bytes,
            boolean isPush) {
        @Override
        public String toString() {
            return method + " " + authority + path + " " + version;
        }
    }

    /**
     * What was answered.
     *
     * @param status as sent; 499 if the client was gone before there was one, 0 if the stream was cut before it
     * @param bytes octets of the body
     * @param firstByte until the response began; zero if it did not
     * @param duration until the exchange ended
     * @param reason in one word why the exchange failed, if it did
     * @param isLocal whether the answer was made here rather than by an endpoint
     */
    public record Response(
            int status, long bytes, Duration firstByte, Duration duration, Optional<String> reason, boolean isLocal) {}

    /**
     * Who answered.
     *
     * @param route the route's name
     * @param cluster the cluster's name
     * @param endpoint the address of the endpoint that was tried last
     * @param tries how many tries were begun
     */
    public record Upstream(Optional<String> route, Optional<String> cluster, Optional<String> endpoint, int tries) {}
}
