package io.lb4j.http3;

import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Says what a listener's HTTP/3 is to be like. Nothing is refused by a setter: {@link Http3#of} tells all faults together. */
public final class Http3Builder {
    private final Draft draft = new Draft(Http3Options.SECTION);

    Http3Builder() {}

    Settings complete() {
        Faults faults = new Faults();
        Settings settings = draft.complete(Scope.root(faults, PartCatalog.of(List.of())));
        faults.throwIfAny();
        return settings;
    }

    private <T> Http3Builder set(Option<T> option, T value, String setter) {
        draft.set(option, value, Origin.setter(setter, Http3Builder.class::equals));
        return this;
    }

    /** Sets whether HTTP/3 is served at all. Default: it is. */
    public Http3Builder enabled(boolean value) {
        return set(Http3Options.ENABLED, value, "enabled");
    }

    /** Sets the UDP port. Default: the listener's port. */
    public Http3Builder port(int value) {
        return set(Http3Options.PORT, value, "port");
    }

    /** Sets how long a stream may stand still. Default: 30 seconds. */
    public Http3Builder maxStreamTimeout(Duration value) {
        return set(Http3Options.MAX_STREAM_TIMEOUT, value, "maxStreamTimeout");
    }

    /** Sets how long a connection on which nothing comes or goes stays open. Default: 300 seconds. */
    public Http3Builder maxIdleTimeout(Duration value) {
        return set(Http3Options.MAX_IDLE_TIMEOUT, value, "maxIdleTimeout");
    }

    /** Sets the most requests that are open at once on one connection. Default: 1,000. */
    public Http3Builder maxIncomingStreams(int value) {
        return set(Http3Options.MAX_INCOMING_STREAMS, value, "maxIncomingStreams");
    }

    /** Sets the most unidirectional streams that a client may have open, 3 at the least. Default: 100. */
    public Http3Builder maxIncomingUniStreams(int value) {
        return set(Http3Options.MAX_INCOMING_UNI_STREAMS, value, "maxIncomingUniStreams");
    }

    /** Sets whether a connection with open requests is kept from idling out. Default: it is. */
    public Http3Builder keepAlive(boolean value) {
        return set(Http3Options.KEEP_ALIVE, value, "keepAlive");
    }

    /** Sets whether datagrams are exchanged with clients. Default: they are. */
    public Http3Builder enableDatagrams(boolean value) {
        return set(Http3Options.ENABLE_DATAGRAMS, value, "enableDatagrams");
    }

    /** Sets how fast is sent. Default: CUBIC. */
    public Http3Builder congestionControl(CongestionControl value) {
        return set(Http3Options.CONGESTION_CONTROL, value, "congestionControl");
    }

    /** Sets the packets that may be under way before the first is acknowledged. Default: 10. */
    public Http3Builder initialCongestionWindow(int value) {
        return set(Http3Options.INITIAL_CONGESTION_WINDOW, value, "initialCongestionWindow");
    }

    /** Sets the octets of requests that a client may send on one connection before any is read. Default: 1 MiB. */
    public Http3Builder initialMaxData(long value) {
        return set(Http3Options.INITIAL_MAX_DATA, value, "initialMaxData");
    }

    /** Sets the octets of one request that a client may send before any is read. Default: 256 KiB. */
    public Http3Builder initialMaxStreamData(long value) {
        return set(Http3Options.INITIAL_MAX_STREAM_DATA, value, "initialMaxStreamData");
    }

    /** Sets whether clients are told that they may move a connection to another address of theirs; those that move are served in any case. Default: they are. */
    public Http3Builder migration(boolean value) {
        return set(Http3Options.MIGRATION, value, "migration");
    }

    /** Sets how many connection ids of a client are kept. Default: 64. */
    public Http3Builder activeConnectionIds(int value) {
        return set(Http3Options.ACTIVE_CONNECTION_IDS, value, "activeConnectionIds");
    }

    /** Sets whether requests are taken before the handshake is over. Default: they are, where that is safe. */
    public Http3Builder earlyData(boolean value) {
        return set(Http3Options.EARLY_DATA, value, "earlyData");
    }

    /** Sets when clients have to prove their address. Default: under load. */
    public Http3Builder retry(RetryMode value) {
        return set(Http3Options.RETRY, value, "retry");
    }

    /** Sets how many handshakes under way are load. Default: 128. */
    public Http3Builder retryHandshakes(int value) {
        return set(Http3Options.RETRY_HANDSHAKES, value, "retryHandshakes");
    }

    /**
     * Sets what clients are told with, after a crash, that their connection is gone: the same before and after. Default: none; they wait until it has idled out.
     *
     * @param value 32 visible characters at the least, shown nowhere. Where a fleet shares it, packets of a connection have to reach the instance that has it
     *     (RFC 9000 §21.11)
     */
    public Http3Builder resetSecret(String value) {
        return set(Http3Options.RESET_SECRET, value, "resetSecret");
    }

    /** Sets the most clients that each event loop tells so in a second. Default: 1,000. */
    public Http3Builder statelessResetsPerSecond(int value) {
        return set(Http3Options.STATELESS_RESETS_PER_SECOND, value, "statelessResetsPerSecond");
    }

    /** Sets how many streams a client may reset in one go, and how many of these come back in a second. Default: 200 and 20. */
    public Http3Builder resets(int burst, int perSecond) {
        set(Http3Options.RESETS, burst, "resets");
        return set(Http3Options.RESETS_PER_SECOND, perSecond, "resets");
    }

    /** Sets how many frames may move no message on, and how many of these come back in a second. Default: 1,000 and 100. */
    public Http3Builder idleFrames(int burst, int perSecond) {
        set(Http3Options.IDLE_FRAMES, burst, "idleFrames");
        return set(Http3Options.IDLE_FRAMES_PER_SECOND, perSecond, "idleFrames");
    }

    /** Sets how many requests a client may make in one go, and how many of these come back in a second. Default: 200,000 and 100,000. */
    public Http3Builder openedStreams(int burst, int perSecond) {
        set(Http3Options.OPENED_STREAMS, burst, "openedStreams");
        return set(Http3Options.OPENED_STREAMS_PER_SECOND, perSecond, "openedStreams");
    }

    /** Sets how many streams of a connection may be over without the client having ended its side. Default: 1,000. */
    public Http3Builder abandonedStreams(int value) {
        return set(Http3Options.ABANDONED_STREAMS, value, "abandonedStreams");
    }

    /** Sets the most handshakes under way. Default: 4,096. */
    public Http3Builder maxHandshakes(int value) {
        return set(Http3Options.MAX_HANDSHAKES, value, "maxHandshakes");
    }

    /** Sets the octets of responses that may wait for one client, and for all together. Default: 4 MiB and 256 MiB. */
    public Http3Builder maxBuffered(long one, long all) {
        set(Http3Options.MAX_BUFFERED, one, "maxBuffered");
        return set(Http3Options.MAX_BUFFERED_TOTAL, all, "maxBuffered");
    }

    /** Sets the octets that may be kept for one client, and for all together; past it a connection ends. Default: 128 MiB and 1 GiB. */
    public Http3Builder maxMemory(long one, long all) {
        set(Http3Options.MAX_MEMORY, one, "maxMemory");
        return set(Http3Options.MAX_MEMORY_TOTAL, all, "maxMemory");
    }

    /**
     * Sets how many responses may be on their way to one client at once without its having asked ({@link io.lb4j.spi.FilterExchange#push}). Default: 0, no pushes.
     */
    public Http3Builder maxPushes(int value) {
        return set(Http3Options.MAX_PUSHES, value, "maxPushes");
    }

    /**
     * Sets a directory for files of qlog, and how many connections are logged at the most. Default: none.
     *
     * @param directory private to whoever may know of clients
     */
    public Http3Builder qlog(Path directory, int connections) {
        set(Http3Options.QLOG, directory, "qlog");
        return set(Http3Options.QLOG_CONNECTIONS, connections, "qlog");
    }

    /**
     * Sets the octets that a packet may have at the most, where the path turns out to carry them: with epoll on Linux. A client that moves to another network gets as many there
     * without a try. Default: 1,200.
     *
     * @param octets 1,200 to 2,048; 1,200 for what every path carries
     */
    public Http3Builder maxPacketSize(long octets) {
        return set(Http3Options.MAX_PACKET_SIZE, octets, "maxPacketSize");
    }

    /** Sets whether packets of one size, where there are many, go to the kernel together, if it can take them. Default: they do. */
    public Http3Builder gso(boolean value) {
        return set(Http3Options.GSO, value, "gso");
    }

    /** Sets a certificate for HTTP/3 alone. Default: the listener's certificates. */
    public Http3Builder certificate(Path chain, Path key) {
        set(Http3Options.CERT_FILE, chain, "certificate");
        return set(Http3Options.KEY_FILE, key, "certificate");
    }

    /**
     * Sets the octets of QPACK's dynamic table for requests, and how many streams may wait for its entries. Default: no table. Responses use the static table alone.
     *
     * @param octets 64 KiB at the most; 0 for none
     */
    public Http3Builder qpack(long octets, int blockedStreams) {
        set(Http3Options.QPACK_TABLE, octets, "qpack");
        return set(Http3Options.QPACK_BLOCKED_STREAMS, blockedStreams, "qpack");
    }
}
