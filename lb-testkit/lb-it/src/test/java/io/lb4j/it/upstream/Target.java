package io.lb4j.it.upstream;

import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.RecordedStream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.net.TcpRelay;
import java.util.List;
import java.util.stream.Stream;

/**
 * An upstream that can be killed in many ways and comes back each time: what dies is the relay before it. Its answers are nothing but a
 * head, so that none is cut after it has begun, when nobody could make it good.
 */
abstract class Target implements AutoCloseable {
    private final TcpRelay relay;

    private Target(TcpRelay relay) {
        this.relay = relay;
    }

    /** How an upstream dies. */
    enum Death {
        /** Its connections are reset, and others taken. */
        RESET,
        /** Its connections are closed in good order, and others taken. */
        CLOSED,
        /** The process has crashed: connections are reset, and refused. */
        CRASHED,
        /** It accepts no more and goes on with those it has. */
        DEAF,
        /** The host takes what is sent, and says nothing. */
        FROZEN
    }

    static Target http1() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(script -> script.onAny().answer(200));
        return new Target(TcpRelay.to(upstream.address())) {
            @Override
            Stream<String> postIds() {
                return upstream.requests().stream()
                        .map(RecordedRequest::headers)
                        .flatMap(headers -> headers.first("x-id").stream());
            }

            @Override
            public void close() {
                super.close();
                upstream.close();
            }
        };
    }

    static Target http2() {
        ScriptedH2Upstream upstream =
                ScriptedH2Upstream.start(script -> script.onAny().answer(200));
        return new Target(TcpRelay.to(upstream.address())) {
            @Override
            Stream<String> postIds() {
                return upstream.streams().stream()
                        .map(RecordedStream::headers)
                        .flatMap(headers -> headers.first("x-id").stream());
            }

            @Override
            public void close() {
                super.close();
                upstream.close();
            }
        };
    }

    static int[] ports(List<Target> targets) {
        return targets.stream().mapToInt(target -> target.relay.port()).toArray();
    }

    /** Returns the ids of the requests that the upstream has seen, as often as it has seen them. */
    abstract Stream<String> postIds();

    void die(Death how) {
        switch (how) {
            case RESET -> relay.resetConnections();
            case CLOSED -> relay.closeConnections();
            case CRASHED -> {
                relay.stopListening();
                relay.resetConnections();
            }
            case DEAF -> relay.stopListening();
            case FROZEN -> relay.blackhole(true);
        }
    }

    void revive() {
        relay.blackhole(false);
        relay.resumeListening();
    }

    @Override
    public void close() {
        relay.close();
    }
}
