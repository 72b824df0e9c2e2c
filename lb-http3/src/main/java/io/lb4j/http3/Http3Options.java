package io.lb4j.http3;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.time.Duration;

/** What can be said of a listener's HTTP/3, each option once. */
public final class Http3Options {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int SHORTEST_SECRET = 32;
    private static final String SECRET_EXPECTED = "a text of at least 32 visible characters";

    /** Whether it serves. */
    public static final Option<Boolean> ENABLED = Option.of(
                    "enabled", OptionTypes.bool(), "Whether HTTP/3 is served at all.")
            .defaultsTo(true)
            .build();

    /** The UDP port. */
    public static final Option<Integer> PORT = Option.of("port", OptionTypes.integer(1, 65_535), "UDP port to bind.")
            .absentMeans("the listener's")
            .build();

    /** A certificate chain of its own. */
    public static final Option<Path> CERT_FILE = Option.of(
                    "cert_file",
                    OptionTypes.file(),
                    "Certificate chain in PEM for HTTP/3 alone; read again when it changes.")
            .absentMeans("the listener's certificates")
            .build();

    /** The key of that chain. */
    public static final Option<Path> KEY_FILE = Option.of(
                    "key_file", OptionTypes.file(), "Private key in PEM of cert_file.")
            .absentMeans("the listener's certificates")
            .build();

    /** How long a stream may stand still. */
    public static final Option<Duration> MAX_STREAM_TIMEOUT = Option.of(
                    "max_stream_timeout",
                    OptionTypes.duration(SHORTEST),
                    "How long a stream may stand still: no octet of a request comes that is awaited, or none of a"
                            + " response is taken. The listener's own times hold too; the shorter one counts.")
            .defaultsTo(Duration.ofSeconds(30))
            .build();

    /** How long a connection may be idle. */
    public static final Option<Duration> MAX_IDLE_TIMEOUT = Option.of(
                    "max_idle_timeout",
                    OptionTypes.duration(SHORTEST),
                    "How long a connection on which nothing comes or goes stays open; a client may ask for less.")
            .defaultsTo(Duration.ofMinutes(5))
            .build();

    /** The number of requests at once. */
    public static final Option<Integer> MAX_INCOMING_STREAMS = Option.of(
                    "max_incoming_streams",
                    OptionTypes.integer(1, 100_000),
                    "Most requests that are open at once on one connection; the client cannot open more.")
            .defaultsTo(1_000)
            .build();

    /** The number of unidirectional streams. */
    public static final Option<Integer> MAX_INCOMING_UNI_STREAMS = Option.of(
                    "max_incoming_uni_streams",
                    OptionTypes.integer(3, 100_000),
                    "Most unidirectional streams that a client may have open; HTTP/3 itself needs three.")
            .defaultsTo(100)
            .build();

    /** Whether connections with open requests are kept from idling out. */
    public static final Option<Boolean> KEEP_ALIVE = Option.of(
                    "keep_alive",
                    OptionTypes.bool(),
                    "Whether a connection with open requests is kept from idling out: by frames of reserved type on"
                            + " the control stream, which every client acknowledges and ignores.")
            .defaultsTo(true)
            .build();

    /** Whether datagrams are taken. */
    public static final Option<Boolean> ENABLE_DATAGRAMS = Option.of(
                    "enable_datagrams",
                    OptionTypes.bool(),
                    "Whether datagrams are exchanged with clients (RFC 9221, RFC 9297), in tunnels of connect-udp and"
                            + " connect-ip.")
            .defaultsTo(true)
            .build();

    /** The congestion control. */
    public static final Option<CongestionControl> CONGESTION_CONTROL = Option.of(
                    "congestion_control", OptionTypes.oneOf(CongestionControl.class), "How fast is sent.")
            .defaultsTo(CongestionControl.CUBIC)
            .build();

    /** The initial congestion window. */
    public static final Option<Integer> INITIAL_CONGESTION_WINDOW = Option.of(
                    "initial_congestion_window",
                    OptionTypes.integer(2, 1_000),
                    "Packets that may be under way before the first is acknowledged; RFC 9002 recommends 10.")
            .defaultsTo(10)
            .build();

    /** The window of a connection. */
    public static final Option<Long> INITIAL_MAX_DATA = Option.of(
                    "initial_max_data",
                    OptionTypes.size(16L << 10, 1L << 30),
                    "Octets of requests that a client may send on one connection before any is read.")
            .defaultsTo(1L << 20)
            .build();

    /** The window of a stream. */
    public static final Option<Long> INITIAL_MAX_STREAM_DATA = Option.of(
                    "initial_max_stream_data",
                    OptionTypes.size(4L << 10, 1L << 30),
                    "Octets of one request that a client may send before any is read.")
            .defaultsTo(256L << 10)
            .build();

    /** Whether clients may move. */
    public static final Option<Boolean> MIGRATION = Option.of(
                    "migration",
                    OptionTypes.bool(),
                    "Whether clients are told that they may move a connection to another address of theirs by intent (RFC 9000"
                            + " §9); one that does all the same, or that a NAT moves, is served in any case.")
            .defaultsTo(true)
            .build();

    /** The number of connection ids. */
    public static final Option<Integer> ACTIVE_CONNECTION_IDS = Option.of(
                    "active_connection_ids",
                    OptionTypes.integer(2, 1_000),
                    "Connection ids of a client that are kept: one is used up with each address that a connection"
                            + " comes from.")
            .defaultsTo(64)
            .build();

    /** Early data. */
    public static final Option<Boolean> EARLY_DATA = Option.of(
                    "early_data",
                    OptionTypes.bool(),
                    "Whether requests are taken that come with the first packet of a resumed session (0-RTT): safe"
                            + " ones are served, with Early-Data: 1, others answered with 425.")
            .defaultsTo(true)
            .build();

    /** Address validation. */
    public static final Option<RetryMode> RETRY = Option.of(
                    "retry",
                    OptionTypes.oneOf(RetryMode.class),
                    "When clients have to prove their address before anything is kept for them, by a token in a Retry.")
            .defaultsTo(RetryMode.UNDER_LOAD)
            .build();

    /** What load is. */
    public static final Option<Integer> RETRY_HANDSHAKES = Option.of(
                    "retry_handshakes",
                    OptionTypes.integer(1, 1_000_000),
                    "Handshakes under way on the listener from which on retry: under_load asks for a proof.")
            .defaultsTo(128)
            .build();

    /** What reset tokens are made with. */
    public static final Option<String> RESET_SECRET = Option.of(
                    "reset_secret",
                    OptionTypes.text(String.class, SECRET_EXPECTED, Http3Options::secret, secret -> secret),
                    "What clients are told with, after a crash, that their connection is gone (RFC 9000 §10.3): the same"
                            + " before and after. Where a fleet shares it, packets of a connection have to reach the"
                            + " instance that has it.")
            .secret()
            .absentMeans("they wait until it has idled out")
            .build();

    /** How many are told. */
    public static final Option<Integer> STATELESS_RESETS_PER_SECOND = Option.of(
                    "stateless_resets_per_second",
                    OptionTypes.integer(1, 1_000_000),
                    "Most clients that each event loop tells in a second that their connection is gone.")
            .defaultsTo(1_000)
            .build();

    /** The table of QPACK. */
    public static final Option<Long> QPACK_TABLE = Option.of(
                    "qpack_table",
                    OptionTypes.size(0, 64L << 10),
                    "Octets of QPACK's dynamic table for requests of a connection; 0 for none (RFC 9204).")
            .defaultsTo(0L)
            .build();

    /** The streams that may wait for QPACK. */
    public static final Option<Integer> QPACK_BLOCKED_STREAMS = Option.of(
                    "qpack_blocked_streams",
                    OptionTypes.integer(0, 1_000),
                    "Streams that may wait for entries of the dynamic table; more end the connection (RFC 9204"
                            + " §2.1.2).")
            .defaultsTo(0)
            .build();

    /** The streams that may be reset. */
    public static final Option<Integer> RESETS = Option.of(
                    "resets",
                    OptionTypes.integer(1, 1_000_000),
                    "Streams that a client may reset, or may have reset by its faults, in one go; each exchange that"
                            + " ends well gives one back. Past it the connection ends.")
            .defaultsTo(200)
            .build();

    /** The resets that come back with time. */
    public static final Option<Integer> RESETS_PER_SECOND = Option.of(
                    "resets_per_second", OptionTypes.integer(0, 1_000_000), "Resets that come back in a second.")
            .defaultsTo(20)
            .build();

    /** The frames that carry nothing. */
    public static final Option<Integer> IDLE_FRAMES = Option.of(
                    "idle_frames",
                    OptionTypes.integer(1, 1_000_000),
                    "Frames that move no message on, control frames included, in one go. Past it the connection ends.")
            .defaultsTo(1_000)
            .build();

    /** The idle frames that come back with time. */
    public static final Option<Integer> IDLE_FRAMES_PER_SECOND = Option.of(
                    "idle_frames_per_second",
                    OptionTypes.integer(0, 1_000_000),
                    "Frames that move no message on that come back in a second.")
            .defaultsTo(100)
            .build();

    /** The streams that may be opened in one go. */
    public static final Option<Integer> OPENED_STREAMS = Option.of(
                    "opened_streams",
                    OptionTypes.integer(1, 100_000_000),
                    "Requests that a client may make on one connection in one go. Past it the connection ends.")
            .defaultsTo(200_000)
            .build();

    /** The openings that come back with time. */
    public static final Option<Integer> OPENED_STREAMS_PER_SECOND = Option.of(
                    "opened_streams_per_second",
                    OptionTypes.integer(0, 100_000_000),
                    "Requests that come back in a second.")
            .defaultsTo(100_000)
            .build();

    /** The streams without an end. */
    public static final Option<Integer> ABANDONED_STREAMS = Option.of(
                    "abandoned_streams",
                    OptionTypes.integer(1, 1_000_000),
                    "Streams of one connection that are over without the client having ended its side, in all: each"
                            + " costs memory for as long as the connection lasts. Past it the connection drains.")
            .defaultsTo(1_000)
            .build();

    /** The handshakes at once. */
    public static final Option<Integer> MAX_HANDSHAKES = Option.of(
                    "max_handshakes",
                    OptionTypes.integer(1, 1_000_000),
                    "Most handshakes under way on the listener; past it new ones are refused.")
            .defaultsTo(4_096)
            .build();

    /** What may wait for one client. */
    public static final Option<Long> MAX_BUFFERED = Option.of(
                    "max_buffered",
                    OptionTypes.size(64L << 10, 1L << 30),
                    "Octets of responses that may wait for one client; past it endpoints are held back.")
            .defaultsTo(4L << 20)
            .build();

    /** What may wait for all clients. */
    public static final Option<Long> MAX_BUFFERED_TOTAL = Option.of(
                    "max_buffered_total",
                    OptionTypes.size(64L << 10, 1L << 40),
                    "Octets of responses that may wait for all clients of the listener together; past it endpoints are"
                            + " held back.")
            .defaultsTo(256L << 20)
            .build();

    /** What may be kept for one client. */
    public static final Option<Long> MAX_MEMORY = Option.of(
                    "max_memory",
                    OptionTypes.size(64L << 10, 1L << 40),
                    "Octets that may be kept for one client: of its requests, of responses that wait for it, of QPACK's"
                            + " tables. Past it the connection ends.")
            .defaultsTo(128L << 20)
            .build();

    /** What may be kept for all clients. */
    public static final Option<Long> MAX_MEMORY_TOTAL = Option.of(
                    "max_memory_total",
                    OptionTypes.size(64L << 10, 1L << 40),
                    "Octets that may be kept for all clients of the listener together. Past it a connection ends: of"
                            + " its event loop that for which most is kept.")
            .defaultsTo(1L << 30)
            .build();

    /** The pushes at once. */
    public static final Option<Integer> MAX_PUSHES = Option.of(
                    "max_pushes",
                    OptionTypes.integer(0, 10_000),
                    "Responses that may be on their way to one client at once without its having asked, where a plugin"
                            + " pushes them and the client takes pushes; browsers take none.")
            .defaultsTo(0)
            .build();

    /** Where connections are logged. */
    public static final Option<Path> QLOG = Option.of(
                    "qlog",
                    OptionTypes.directory(),
                    "Directory for files of qlog, one for each connection: for a hunt, for they grow as long as the"
                            + " connection lasts, and name clients.")
            .absentMeans("none")
            .build();

    /** How many connections are logged. */
    public static final Option<Integer> QLOG_CONNECTIONS = Option.of(
                    "qlog_connections",
                    OptionTypes.integer(1, 1_000_000),
                    "Connections that are logged, counted from when the listener was bound; later ones are not.")
            .defaultsTo(100)
            .build();

    /** The size of packets. */
    public static final Option<Long> MAX_PACKET_SIZE = PacketSize.option(
            PacketSize.CARRIED_EVERYWHERE, " A client that moves to another network gets as many there without a try.");

    /** Whether packets go to the kernel together. */
    public static final Option<Boolean> GSO = Option.of(
                    "gso",
                    OptionTypes.bool(),
                    "Whether eight packets of one size or more go to the kernel together (UDP_SEGMENT); with epoll only.")
            .defaultsTo(true)
            .build();

    /** The options. */
    public static final Section SECTION = Section.of("h3", "HTTP/3 on a listener.")
            .options(ENABLED, PORT, CERT_FILE, KEY_FILE)
            .options(
                    MAX_STREAM_TIMEOUT,
                    MAX_IDLE_TIMEOUT,
                    MAX_INCOMING_STREAMS,
                    MAX_INCOMING_UNI_STREAMS,
                    KEEP_ALIVE,
                    ENABLE_DATAGRAMS)
            .options(CONGESTION_CONTROL, INITIAL_CONGESTION_WINDOW, INITIAL_MAX_DATA, INITIAL_MAX_STREAM_DATA)
            .options(MIGRATION, ACTIVE_CONNECTION_IDS, EARLY_DATA, RETRY, RETRY_HANDSHAKES)
            .options(RESET_SECRET, STATELESS_RESETS_PER_SECOND)
            .options(QPACK_TABLE, QPACK_BLOCKED_STREAMS)
            .options(RESETS, RESETS_PER_SECOND, IDLE_FRAMES, IDLE_FRAMES_PER_SECOND)
            .options(OPENED_STREAMS, OPENED_STREAMS_PER_SECOND, ABANDONED_STREAMS)
            .options(MAX_HANDSHAKES, MAX_BUFFERED, MAX_BUFFERED_TOTAL)
            .options(MAX_MEMORY, MAX_MEMORY_TOTAL, MAX_PUSHES)
            .options(QLOG, QLOG_CONNECTIONS, MAX_PACKET_SIZE, GSO)
            .rule(Http3Options::requireBothFiles)
            .rule((settings, scope) -> requireNoLess(settings, scope, MAX_MEMORY, MAX_BUFFERED))
            .rule((settings, scope) -> requireNoLess(settings, scope, MAX_MEMORY_TOTAL, MAX_MEMORY))
            .build();

    private Http3Options() {}

    /** Or clients would be sent away that are held back today. */
    private static void requireNoLess(Settings settings, Scope scope, Option<Long> larger, Option<Long> smaller) {
        boolean areThere = !settings.isFaulty(larger) && !settings.isFaulty(smaller);
        if (areThere && settings.value(larger) < settings.value(smaller)) {
            scope.at(larger.name())
                    .report(
                            Fault.Code.INVALID,
                            String.valueOf(settings.value(larger)),
                            "no less than " + smaller.name() + ", " + settings.value(smaller),
                            settings.origin(larger));
        }
    }

    private static String secret(String text) {
        if (text.length() < SHORTEST_SECRET || text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException(SECRET_EXPECTED);
        }
        return text;
    }

    private static void requireBothFiles(Settings settings, Scope scope) {
        if (settings.isSet(CERT_FILE) != settings.isSet(KEY_FILE)) {
            Option<Path> missing = settings.isSet(CERT_FILE) ? KEY_FILE : CERT_FILE;
            Option<Path> set = settings.isSet(CERT_FILE) ? CERT_FILE : KEY_FILE;
            scope.at(missing.name())
                    .report(
                            Fault.Code.MISSING,
                            "missing",
                            "a file, because " + set.name() + " is set",
                            settings.origin(set));
        }
    }
}
