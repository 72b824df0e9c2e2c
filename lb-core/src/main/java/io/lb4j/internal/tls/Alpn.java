package io.lb4j.internal.tls;

import io.lb4j.http.Version;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The protocols as ALPN names them (RFC 7301). */
public final class Alpn {
    /** HTTP/2. */
    public static final String HTTP_2 = "h2";
    /** HTTP/1.1. */
    public static final String HTTP_1_1 = "http/1.1";
    /** HTTP/1.0, which whoever serves 1.1 serves too, although it is never agreed on. */
    static final String HTTP_1_0 = "http/1.0";

    /** The validation of a name by ACME (RFC 8737 §6.2). */
    static final String ACME_TLS_1 = "acme-tls/1";

    private Alpn() {}

    /** Returns the names of what is spoken, most wanted first. */
    static List<String> names(Set<Version> versions) {
        return Stream.of(Version.HTTP_2, Version.HTTP_1_1)
                .filter(versions::contains)
                .map(version -> version == Version.HTTP_2 ? HTTP_2 : HTTP_1_1)
                .toList();
    }

    /** Of the behaviours, those that both engines have; a server has found out before, from the ClientHello, whether anything is common. */
    static ApplicationProtocolConfig negotiation(List<String> protocols) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, protocols);
    }
}
