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

/** Says what HTTP/3 with endpoints is to be like. Nothing is refused by a setter: {@link Http3Upstream#of} tells all faults together. */
public final class Http3UpstreamBuilder {
    private final Draft draft = new Draft(Http3UpstreamOptions.SECTION);

    Http3UpstreamBuilder() {}

    Settings complete() {
        Faults faults = new Faults();
        Settings settings = draft.complete(Scope.root(faults, PartCatalog.of(List.of())));
        faults.throwIfAny();
        return settings;
    }

    private <T> Http3UpstreamBuilder set(Option<T> option, T value, String setter) {
        draft.set(option, value, Origin.setter(setter, Http3UpstreamBuilder.class::equals));
        return this;
    }

    /** Sets which endpoints are asked over HTTP/3. Default: all. */
    public Http3UpstreamBuilder use(Http3Use value) {
        return set(Http3UpstreamOptions.USE, value, "use");
    }

    /** Sets how long a connection on which nothing comes or goes stays open. Default: 1 minute. */
    public Http3UpstreamBuilder maxIdleTimeout(Duration value) {
        return set(Http3UpstreamOptions.MAX_IDLE_TIMEOUT, value, "maxIdleTimeout");
    }

    /** Sets the most requests at once on one connection. Default: 100. */
    public Http3UpstreamBuilder maxStreams(int value) {
        return set(Http3UpstreamOptions.MAX_STREAMS, value, "maxStreams");
    }

    /** Sets whether a connection with open requests is kept from idling out, however long the endpoint is silent. Default: it is. */
    public Http3UpstreamBuilder keepAlive(boolean value) {
        return set(Http3UpstreamOptions.KEEP_ALIVE, value, "keepAlive");
    }

    /** Sets whether datagrams are exchanged with endpoints. Default: they are. */
    public Http3UpstreamBuilder enableDatagrams(boolean value) {
        return set(Http3UpstreamOptions.ENABLE_DATAGRAMS, value, "enableDatagrams");
    }

    /** Sets how fast is sent. Default: CUBIC. */
    public Http3UpstreamBuilder congestionControl(CongestionControl value) {
        return set(Http3UpstreamOptions.CONGESTION_CONTROL, value, "congestionControl");
    }

    /** Sets the octets of responses that an endpoint may send on one connection before any is read. Default: 4 MiB. */
    public Http3UpstreamBuilder initialMaxData(long value) {
        return set(Http3UpstreamOptions.INITIAL_MAX_DATA, value, "initialMaxData");
    }

    /** Sets the octets of one response that an endpoint may send before any is read. Default: 256 KiB. */
    public Http3UpstreamBuilder initialMaxStreamData(long value) {
        return set(Http3UpstreamOptions.INITIAL_MAX_STREAM_DATA, value, "initialMaxStreamData");
    }

    /** Sets the largest field section of a response. Default: 64 KiB. */
    public Http3UpstreamBuilder maxFieldSection(long value) {
        return set(Http3UpstreamOptions.MAX_FIELD_SECTION, value, "maxFieldSection");
    }

    /**
     * Sets whether a safe request goes with the first packet of a resumed session, to endpoints that take it. Default: it does not, for somebody who
     * listens may send it to them again (RFC 8470).
     */
    public Http3UpstreamBuilder earlyData(boolean value) {
        return set(Http3UpstreamOptions.EARLY_DATA, value, "earlyData");
    }

    /** Sets a directory for files of qlog, and how many connections are logged at the most. Default: none. */
    public Http3UpstreamBuilder qlog(Path directory, int connections) {
        set(Http3UpstreamOptions.QLOG, directory, "qlog");
        return set(Http3UpstreamOptions.QLOG_CONNECTIONS, connections, "qlog");
    }

    /**
     * Sets the octets that a packet may have at the most, where the path turns out to carry them. Default: 1,350; with epoll on Linux, elsewhere 1,200.
     *
     * @param octets 1,200 to 2,048; 1,200 for what every path carries
     */
    public Http3UpstreamBuilder maxPacketSize(long octets) {
        return set(Http3UpstreamOptions.MAX_PACKET_SIZE, octets, "maxPacketSize");
    }

    /** Sets whether packets of one size, where there are many, go to the kernel together, if it can take them. Default: they do. */
    public Http3UpstreamBuilder gso(boolean value) {
        return set(Http3UpstreamOptions.GSO, value, "gso");
    }
}
