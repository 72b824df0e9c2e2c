package io.lb4j.http3;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import java.nio.file.Path;
import java.time.Duration;

/** What can be said of HTTP/3 with a cluster's endpoints, each option once. */
public final class Http3UpstreamOptions {
    /** Which endpoints are asked. */
    public static final Option<Http3Use> USE = Option.of(
                    "use",
                    OptionTypes.oneOf(Http3Use.class),
                    "Which endpoints are asked over HTTP/3: all, or those that advertise it in Alt-Svc.")
            .defaultsTo(Http3Use.ALWAYS)
            .build();

    /** How long a connection may be idle. */
    public static final Option<Duration> MAX_IDLE_TIMEOUT = Option.of(
                    "max_idle_timeout",
                    OptionTypes.duration(Duration.ofMillis(1)),
                    "How long a connection on which nothing comes or goes stays open; the endpoint may ask for less.")
            .defaultsTo(Duration.ofMinutes(1))
            .build();

    /** The number of requests at once. */
    public static final Option<Integer> MAX_STREAMS = Option.of(
                    "max_streams",
                    OptionTypes.integer(1, 100_000),
                    "Most requests at once on one connection; the endpoint may allow fewer.")
            .defaultsTo(100)
            .build();

    /** Whether connections are kept alive. */
    public static final Option<Boolean> KEEP_ALIVE = Option.of(
                    "keep_alive",
                    OptionTypes.bool(),
                    "Whether a connection with open requests is kept from idling out, however long the endpoint is"
                            + " silent: by frames of reserved type on the control stream, which every endpoint"
                            + " acknowledges and ignores.")
            .defaultsTo(true)
            .build();

    /** Whether datagrams are exchanged. */
    public static final Option<Boolean> ENABLE_DATAGRAMS = Option.of(
                    "enable_datagrams",
                    OptionTypes.bool(),
                    "Whether datagrams are exchanged with endpoints (RFC 9221, RFC 9297), in tunnels of connect-udp and"
                            + " connect-ip.")
            .defaultsTo(true)
            .build();

    /** The congestion control. */
    public static final Option<CongestionControl> CONGESTION_CONTROL = Option.of(
                    "congestion_control", OptionTypes.oneOf(CongestionControl.class), "How fast is sent.")
            .defaultsTo(CongestionControl.CUBIC)
            .build();

    /** The window of a connection. */
    public static final Option<Long> INITIAL_MAX_DATA = Option.of(
                    "initial_max_data",
                    OptionTypes.size(16L << 10, 1L << 30),
                    "Octets of responses that an endpoint may send on one connection before any is read.")
            .defaultsTo(4L << 20)
            .build();

    /** The window of a stream. */
    public static final Option<Long> INITIAL_MAX_STREAM_DATA = Option.of(
                    "initial_max_stream_data",
                    OptionTypes.size(4L << 10, 1L << 30),
                    "Octets of one response that an endpoint may send before any is read.")
            .defaultsTo(256L << 10)
            .build();

    /** The size of a field section. */
    public static final Option<Long> MAX_FIELD_SECTION = Option.of(
                    "max_field_section",
                    OptionTypes.size(1L << 10, 1L << 20),
                    "Largest field section of a response, decoded; past it the connection ends.")
            .defaultsTo(64L << 10)
            .build();

    /** Early data. */
    public static final Option<Boolean> EARLY_DATA = Option.of(
                    "early_data",
                    OptionTypes.bool(),
                    "Whether a safe request without a body goes with the first packet of a resumed session (0-RTT), to"
                            + " endpoints that take it: somebody who listens may send it to them again.")
            .defaultsTo(false)
            .build();

    /** Where connections are logged. */
    public static final Option<Path> QLOG = Option.of(
                    "qlog",
                    OptionTypes.directory(),
                    "Directory for files of qlog, one for each connection: for a hunt, for they grow as long as the"
                            + " connection lasts.")
            .absentMeans("none")
            .build();

    /** How many connections are logged. */
    public static final Option<Integer> QLOG_CONNECTIONS = Option.of(
                    "qlog_connections",
                    OptionTypes.integer(1, 1_000_000),
                    "Connections that are logged, counted from when the configuration came in force; later ones are"
                            + " not.")
            .defaultsTo(100)
            .build();

    /** The size of packets. */
    public static final Option<Long> MAX_PACKET_SIZE = PacketSize.option(PacketSize.CARRIED_MOSTLY, "");

    /** Whether packets go to the kernel together. */
    public static final Option<Boolean> GSO = Option.of(
                    "gso",
                    OptionTypes.bool(),
                    "Whether eight packets of one size or more go to the kernel together (UDP_SEGMENT); with epoll only.")
            .defaultsTo(true)
            .build();

    /** The options. */
    public static final Section SECTION = Section.of("h3", "HTTP/3 with a cluster's endpoints.")
            .options(USE, MAX_IDLE_TIMEOUT, MAX_STREAMS, KEEP_ALIVE, ENABLE_DATAGRAMS, CONGESTION_CONTROL)
            .options(INITIAL_MAX_DATA, INITIAL_MAX_STREAM_DATA, MAX_FIELD_SECTION)
            .options(EARLY_DATA, QLOG, QLOG_CONNECTIONS, MAX_PACKET_SIZE, GSO)
            .build();

    private Http3UpstreamOptions() {}
}
