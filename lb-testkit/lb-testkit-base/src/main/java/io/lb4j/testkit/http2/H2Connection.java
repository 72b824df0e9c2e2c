package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.net.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One connection of a {@link ScriptedH2Upstream}: one thread reads frames, each stream has its own for its script. */
final class H2Connection {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final ScriptedH2Upstream upstream;
    private final int number;
    private final H2Endpoint endpoint;
    private final Set<Integer> open = ConcurrentHashMap.newKeySet();
    private int lastStream; // confined to the reading thread

    H2Connection(ScriptedH2Upstream upstream, Wire wire, int number) throws IOException {
        this.upstream = upstream;
        this.number = number;
        this.endpoint = new H2Endpoint(wire, upstream.settings().options(), this::onHeaders);
    }

    void serve() throws IOException {
        byte[] preface = endpoint.frames().read(PREFACE.length());
        if (!new String(preface, StandardCharsets.ISO_8859_1).equals(PREFACE)) {
            violation("no connection preface");
            return;
        }
        endpoint.send(upstream.settings().options().firstFrame());
        endpoint.read();
    }

    int number() {
        return number;
    }

    H2Endpoint endpoint() {
        return endpoint;
    }

    String name() {
        return upstream.settings().name();
    }

    long releases() {
        return upstream.releases();
    }

    /** The response is about to end: when the client has its last frame, it may open another stream in its place. */
    void ending(int stream) {
        open.remove(stream);
    }

    private void onHeaders(StreamRecord stream, boolean first) {
        if (!first) {
            return;
        }
        Fields head = stream.sections().get(0);
        check(stream.id(), head);
        H2Reaction reaction = upstream.reactionTo(head);
        if (reaction.isPulling()) {
            stream.pulling();
        }
        RecordedStream recorded = upstream.recordStream(number, stream, endpoint);
        open.add(recorded.id());
        int now = open.size();
        int bound = upstream.settings().options().value(H2Options.MAX_CONCURRENT_STREAMS, Integer.MAX_VALUE);
        if (now > bound) {
            violation(now + " concurrent streams (expected: at most " + bound + ")");
        }
        upstream.execute(() -> play(reaction, recorded));
    }

    private void play(H2Reaction reaction, RecordedStream recorded) {
        try {
            reaction.play(new H2Exchange(recorded, this));
        } catch (IOException e) {
            // The client has gone, or the script ends the connection: both show in what was recorded.
            return;
        } catch (RuntimeException e) {
            violation("the script failed on " + recorded + ": " + e);
        } finally {
            ending(recorded.id());
            endpoint.retire(recorded.id());
        }
    }

    private void check(int stream, Fields head) {
        if (stream % 2 == 0 || stream <= lastStream) {
            violation("stream " + stream + " after " + lastStream + " (expected: odd and increasing)");
        }
        lastStream = Math.max(lastStream, stream);
        boolean connect = head.first(":method").equals(Optional.of("CONNECT"));
        boolean plainConnect = connect && !head.contains(":protocol");
        checkOnce(stream, head, ":method", true);
        checkOnce(stream, head, ":path", !plainConnect);
        checkOnce(stream, head, ":scheme", !plainConnect);
        if (head.all(":authority").size() + head.all("host").size() == 0) {
            violation("stream " + stream + ": neither :authority nor host");
        }
    }

    private void checkOnce(int stream, Fields head, String name, boolean wanted) {
        int count = head.all(name).size();
        if (count != (wanted ? 1 : 0)) {
            violation(String.format(
                    Locale.ROOT, "stream %d: %s %d times (expected: %d)", stream, name, count, wanted ? 1 : 0));
        }
    }

    private void violation(String what) {
        endpoint.violation(what);
    }
}
