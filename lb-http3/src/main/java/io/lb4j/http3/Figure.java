package io.lb4j.http3;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP/3 counts, with clients or with endpoints; in statistics under its name in lower case. Some are part of another, and counted with it.
 */
enum Figure {
    /** Connections whose handshake has ended well. */
    CONNECTIONS,
    /** Connections that are open now. */
    CONNECTIONS_OPEN,
    /** Handshakes that are under way now. */
    HANDSHAKES_OPEN,
    /** Handshakes that have failed, or were not ended in time. */
    HANDSHAKES_FAILED,
    /** Connections that were refused: by a limit, or while the listener drains. */
    CONNECTIONS_REFUSED,
    /** Of these, those for which too many handshakes were under way. */
    CONNECTIONS_REFUSED_HANDSHAKES(CONNECTIONS_REFUSED),
    /** Connections whose handshake has resumed a session. */
    CONNECTIONS_RESUMED,
    /** Connections that brought early data which was taken. */
    CONNECTIONS_EARLY,
    /** Connections that brought early data which was refused. */
    CONNECTIONS_EARLY_REFUSED,
    /** Connections that ended because nothing was heard of the client. */
    CONNECTIONS_TIMED_OUT,
    /** Connections that were ended for what the client did. */
    CONNECTIONS_ABUSIVE,
    /** Of these, those whose clients have reset too many streams. */
    CONNECTIONS_ABUSIVE_RESETS(CONNECTIONS_ABUSIVE),
    /** Of these, those whose clients have had too many streams reset by their faults. */
    CONNECTIONS_ABUSIVE_FAULTS(CONNECTIONS_ABUSIVE),
    /** Of these, those on which too many frames came that move no message on. */
    CONNECTIONS_ABUSIVE_IDLE_FRAMES(CONNECTIONS_ABUSIVE),
    /** Of these, those on which too many requests were made. */
    CONNECTIONS_ABUSIVE_STREAMS(CONNECTIONS_ABUSIVE),
    /** Of these, those on which a frame or a field section came that is too large. */
    CONNECTIONS_ABUSIVE_SIZES(CONNECTIONS_ABUSIVE),
    /** Of these, those that broke a rule of QPACK: too many streams that wait for entries, a table too large, or what cannot be read. */
    CONNECTIONS_ABUSIVE_QPACK(CONNECTIONS_ABUSIVE),
    /** Of these, those that broke another rule of HTTP/3. */
    CONNECTIONS_ABUSIVE_HTTP3(CONNECTIONS_ABUSIVE),
    /** Of these, those on which more octets came than was granted. */
    CONNECTIONS_ABUSIVE_FLOW(CONNECTIONS_ABUSIVE),
    /** Of these, those on which more streams were opened at once than was granted. */
    CONNECTIONS_ABUSIVE_STREAM_LIMIT(CONNECTIONS_ABUSIVE),
    /** Of these, those whose clients have given more connection ids than was granted. */
    CONNECTIONS_ABUSIVE_IDS(CONNECTIONS_ABUSIVE),
    /** Of these, those that went on to leave streams without an end while they drained. */
    CONNECTIONS_ABUSIVE_ABANDONED(CONNECTIONS_ABUSIVE),
    /** Of these, those that broke another rule of QUIC. */
    CONNECTIONS_ABUSIVE_QUIC(CONNECTIONS_ABUSIVE),
    /** Connections that clients have ended with an error. */
    CONNECTIONS_ENDED_BY_CLIENT_ERROR,
    /** Connections that were ended because more was kept for them than may be. */
    CONNECTIONS_OVER_MEMORY,
    /** Of these, those that were ended because more was kept for all together than may be. */
    CONNECTIONS_OVER_MEMORY_TOTAL(CONNECTIONS_OVER_MEMORY),
    /** Connections that were drained because too many of their streams were abandoned. */
    CONNECTIONS_DRAINED_ABANDONED,
    /** Connections that were drained because their client has moved as often as it may. */
    CONNECTIONS_DRAINED_MOVED,
    /** Requests. */
    STREAMS,
    /** Requests that are open now. */
    STREAMS_OPEN,
    /** Streams that are over without the client having ended its side. */
    STREAMS_ABANDONED,
    /** Streams that clients have reset. */
    STREAMS_RESET_BY_CLIENT,
    /** Requests that went to endpoints before the handshake was over. */
    REQUESTS_EARLY,
    /** Requests that went to endpoints before the handshake was over, and were told to come again (425). */
    REQUESTS_EARLY_REFUSED,
    /** Streams that endpoints have reset. */
    STREAMS_RESET_BY_ENDPOINT,
    /** Streams that were reset from here. */
    STREAMS_RESET,
    /** Responses that clients were promised without having asked. */
    PUSHES,
    /** Of these, those that are not over. */
    PUSHES_OPEN,
    /** Of these, those that clients did not want. */
    PUSHES_CANCELLED,
    /** How often so much waited for a client, or for all, that endpoints were held back. */
    RESPONSES_HELD_BACK,
    /** Octets of responses that wait for clients now. */
    OCTETS_WAITING,
    /** Octets that are kept for clients now: these, and what has come of their requests. */
    OCTETS_KEPT,
    /** Addresses that connections have come from beside the first. */
    PATHS,
    /** Addresses that clients have proven. */
    PATHS_VALIDATED,
    /** Addresses that clients have not proven. */
    PATHS_FAILED,
    /** Connections that have moved to another address, each time. */
    MIGRATIONS,
    /** Octets of packets that were received. */
    OCTETS_RECEIVED,
    /** Octets of packets that were sent. */
    OCTETS_SENT,
    /** Octets of packets that were sent and lost. */
    OCTETS_LOST,
    /** Packets that were received. */
    PACKETS_RECEIVED,
    /** Packets that were sent. */
    PACKETS_SENT,
    /** Packets that were sent and lost. */
    PACKETS_LOST,
    /** Packets that went to the kernel in one piece with others. */
    PACKETS_JOINED,
    /** Such pieces that it did not take. */
    JOINS_REFUSED,
    /** Datagrams of RFC 9221 that have come. */
    DATAGRAMS_RECEIVED,
    /** Datagrams of RFC 9221 that were sent. */
    DATAGRAMS_SENT,
    /** Datagrams of RFC 9221 for which there was no place. */
    DATAGRAMS_DROPPED,
    /** Packets too short to be any of ours. */
    PACKETS_SHORT,
    /** Datagrams too small to begin a connection, which wanted to. */
    PACKETS_TINY,
    /** Packets that would have been too much for an address that nobody has proven. */
    PACKETS_HELD_BACK,
    /** Clients of another process that were told that their connection is gone. */
    STATELESS_RESETS,
    /** Clients of another process that were not told, for too many were in that second. */
    STATELESS_RESETS_HELD_BACK,
    /** Clients that were asked to prove their address. */
    RETRIES,
    /** Proofs of an address that were not valid. */
    TOKENS_REFUSED;

    private static final Set<Figure> OF_ENDPOINTS = Collections.unmodifiableSet(EnumSet.of(
            CONNECTIONS,
            CONNECTIONS_OPEN,
            HANDSHAKES_OPEN,
            HANDSHAKES_FAILED,
            CONNECTIONS_RESUMED,
            CONNECTIONS_TIMED_OUT,
            REQUESTS_EARLY,
            REQUESTS_EARLY_REFUSED,
            STREAMS,
            STREAMS_OPEN,
            STREAMS_RESET_BY_ENDPOINT,
            STREAMS_RESET,
            OCTETS_RECEIVED,
            OCTETS_SENT,
            OCTETS_LOST,
            PACKETS_RECEIVED,
            PACKETS_SENT,
            PACKETS_LOST,
            PACKETS_JOINED,
            JOINS_REFUSED,
            DATAGRAMS_RECEIVED,
            DATAGRAMS_SENT,
            DATAGRAMS_DROPPED));

    private final String text = name().toLowerCase(Locale.ROOT);
    private final @Nullable Figure whole;

    Figure() {
        whole = null;
    }

    Figure(Figure whole) {
        this.whole = whole;
    }

    /** Returns what is counted with endpoints. */
    static Set<Figure> ofEndpoints() {
        return OF_ENDPOINTS;
    }

    /** Returns what is counted with clients. */
    static Set<Figure> ofClients() {
        Set<Figure> all = EnumSet.allOf(Figure.class);
        all.removeAll(EnumSet.of(REQUESTS_EARLY, REQUESTS_EARLY_REFUSED, STREAMS_RESET_BY_ENDPOINT));
        return all;
    }

    /** Returns the figure that this one is a part of; null for none. */
    @Nullable Figure whole() {
        return whole;
    }

    /** Returns the name in statistics. */
    String text() {
        return text;
    }
}
