package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Part;
import io.lb4j.model.AltSvcPolicy;
import io.lb4j.model.Listener;
import io.lb4j.model.ListenerProtocol;
import io.lb4j.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** An address that clients connect to, and how they are served there. The port is required. */
public final class ListenerBuilder extends PluggableBuilder<ListenerBuilder> {
    ListenerBuilder(Draft draft) {
        super(draft, Listener.PLUGINS);
    }

    @Override
    ListenerBuilder self() {
        return this;
    }

    /** Sets the address to bind: one of this machine, {@code 0.0.0.0} or {@code ::} for all. Default: 127.0.0.1. */
    public ListenerBuilder host(String host) {
        return set(Listener.HOST, host, "host");
    }

    /** Sets the port to bind; 0 for one that is free. Required. */
    public ListenerBuilder port(int port) {
        return set(Listener.PORT, port, "port");
    }

    /** Sets what is spoken. Default: HTTP/1.1 and HTTP/2. */
    public ListenerBuilder protocols(ListenerProtocol... protocols) {
        return set(Listener.PROTOCOLS, List.of(protocols), "protocols");
    }

    /** Turns TLS on. Default: no TLS. */
    public ListenerBuilder tls(Consumer<? super ListenerTlsBuilder> tls) {
        tls.accept(new ListenerTlsBuilder(draft().section(Listener.TLS, origin("tls"))));
        return this;
    }

    /** Serves HTTP/3 too, on the same port with the same certificates: what a module for it brings. Needs TLS. Default: not. */
    public ListenerBuilder http3(Transport transport) {
        return add(Listener.TRANSPORTS, Part.of(transport.name(), transport), "http3");
    }

    /** Adds a further protocol, on the same port with the same certificates. Needs TLS. Default: none. */
    public ListenerBuilder transport(Transport transport) {
        return add(Listener.TRANSPORTS, Part.of(transport.name(), transport), "transport");
    }

    /** Sets whether answers advertise the further transports. Default: where an endpoint has not said something else. */
    public ListenerBuilder altSvc(AltSvcPolicy policy) {
        return set(Listener.ALT_SVC, policy, "altSvc");
    }

    /** Sets how long clients may remember the further transports. Default: 24 hours. */
    public ListenerBuilder altSvcMaxAge(Duration time) {
        return set(Listener.ALT_SVC_MAX_AGE, time, "altSvcMaxAge");
    }

    /**
     * Adds peers, addresses or blocks such as {@code 10.0.0.0/8}, whose connections begin with a PROXY protocol header that names the client.
     * They must send one; all other peers are taken for clients. Default: none.
     */
    public ListenerBuilder proxyProtocolFrom(String... blocks) {
        return addTexts(Listener.PROXY_PROTOCOL_FROM, List.of(blocks), "proxyProtocolFrom");
    }

    /** Sets what clients may ask for at the most. Default: see each limit. */
    public ListenerBuilder limits(Consumer<? super ListenerLimitsBuilder> limits) {
        limits.accept(new ListenerLimitsBuilder(draft().section(Listener.LIMITS, origin("limits"))));
        return this;
    }

    /** Sets how long clients are waited for. Default: see each timeout. */
    public ListenerBuilder timeouts(Consumer<? super ListenerTimeoutsBuilder> timeouts) {
        timeouts.accept(new ListenerTimeoutsBuilder(draft().section(Listener.TIMEOUTS, origin("timeouts"))));
        return this;
    }

    /** Sets what endpoints are told of the client. Default: X-Forwarded fields, no proxy trusted. */
    public ListenerBuilder forwarding(Consumer<? super ForwardingBuilder> forwarding) {
        forwarding.accept(new ForwardingBuilder(draft().section(Listener.FORWARDING, origin("forwarding"))));
        return this;
    }

    /** Sets what becomes of paths that servers read in different ways. Default: see each policy. */
    public ListenerBuilder paths(Consumer<? super PathPolicyBuilder> paths) {
        paths.accept(new PathPolicyBuilder(draft().section(Listener.PATHS, origin("paths"))));
        return this;
    }

    /** Sets whether answers made here say why, in {@code x-lb4j-reason}. Default: they do. */
    public ListenerBuilder reasonHeader(boolean sent) {
        return set(Listener.REASON_HEADER, sent, "reasonHeader");
    }

    /** Sets the server field of answers made here. Default: they have none. */
    public ListenerBuilder serverHeader(String value) {
        return set(Listener.SERVER_HEADER, value, "serverHeader");
    }
}
