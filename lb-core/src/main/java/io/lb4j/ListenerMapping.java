package io.lb4j;

import io.lb4j.config.Part;
import io.lb4j.http.Version;
import io.lb4j.internal.accept.ConnectionLimits;
import io.lb4j.internal.accept.ConnectionPolicy;
import io.lb4j.internal.accept.ListenerSettings;
import io.lb4j.internal.codec.http1.Http1Limits;
import io.lb4j.internal.codec.http2.Http2Limits;
import io.lb4j.internal.control.EngineChoice;
import io.lb4j.internal.control.TlsMapping;
import io.lb4j.internal.control.TrustFiles;
import io.lb4j.internal.tls.ClientCertificates;
import io.lb4j.internal.tls.HandshakePolicy;
import io.lb4j.internal.tls.ServerTls;
import io.lb4j.internal.tls.ServerTlsSettings;
import io.lb4j.internal.tls.Trust;
import io.lb4j.model.ClientAuth;
import io.lb4j.model.KeyPair;
import io.lb4j.model.Listener;
import io.lb4j.model.ListenerLimits;
import io.lb4j.model.ListenerProtocol;
import io.lb4j.model.ListenerTls;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.Certificates;
import io.lb4j.spi.PemFiles;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Says in the accept and codec stages' own terms what a listener's configuration says. */
final class ListenerMapping {
    private ListenerMapping() {}

    static ListenerSettings settings(Listener listener) {
        return ListenerSettings.of(listener.name(), new InetSocketAddress(listener.host(), listener.port()));
    }

    static ConnectionPolicy policy(Listener listener, Optional<ServerTls> tls) {
        ListenerLimits limits = listener.limits();
        Optional<Integer> perClient = limits.connectionsPerClient().value();
        ConnectionLimits connections = new ConnectionLimits(
                limits.connections().orElse(Integer.MAX_VALUE),
                perClient.isPresent() ? OptionalInt.of(perClient.get()) : OptionalInt.empty());
        return new ConnectionPolicy(
                versions(listener), connections, listener.timeouts().requestHead(), tls, listener.proxyProtocolFrom());
    }

    static Http1Limits http1(Listener listener) {
        ListenerLimits limits = listener.limits();
        Http1Limits defaults = Http1Limits.defaults();
        Http1Limits.Body body = limits.body()
                .value()
                .map(octets -> defaults.body().withMaxOctets(octets))
                .orElse(defaults.body());
        return defaults.withHead(new Http1Limits.Head(limits.requestLine(), limits.headerCount(), limits.headerSize()))
                .withBody(body)
                .withTimes(defaults.times()
                        .withHead(listener.timeouts().requestHead())
                        .withIdle(listener.timeouts().idle())
                        .withBody(listener.timeouts().requestBody())
                        .withWrite(listener.timeouts().responseWrite()));
    }

    static Http2Limits http2(Listener listener) {
        ListenerLimits limits = listener.limits();
        Http2Limits defaults = Http2Limits.defaults();
        Http2Limits.Streams streams = defaults.streams();
        Http2Limits.Heads heads = defaults.heads();
        Http2Limits.Timeouts timeouts = defaults.timeouts();
        return defaults.with(
                        new Http2Limits.Streams(limits.streams(), streams.queueHighOctets(), streams.queueLowOctets()))
                .with(new Http2Limits.Heads(
                        limits.headerSize(),
                        limits.headerCount(),
                        limits.requestLine(),
                        Math.max(heads.maxBlockOctets(), limits.headerSize()),
                        heads.maxContinuations()))
                .with(new Http2Limits.Timeouts(
                        timeouts.settings(),
                        listener.timeouts().requestHead(),
                        listener.timeouts().idle(),
                        listener.timeouts().requestBody(),
                        listener.timeouts().responseWrite(),
                        timeouts.drain()));
    }

    static ServerTlsSettings tlsSettings(Listener listener, ListenerTls asked, EngineChoice engine) {
        return new ServerTlsSettings(
                TlsMapping.parameters(engine, asked.minVersion(), asked.maxVersion(), asked.ciphers()),
                versions(listener),
                clients(asked),
                HandshakePolicy.defaults()
                        .withTimeout(asked.handshakeTimeout())
                        .withSessionTickets(asked.sessionTickets()));
    }

    /** Returns the sources that the program has made itself. */
    static List<CertificateSource> givenSources(ListenerTls asked) {
        List<CertificateSource> sources = new ArrayList<>();
        for (Part part : asked.sources()) {
            sources.add(part.create(CertificateSource.class));
        }
        return sources;
    }

    /** Makes the sources of the files that the configuration names. */
    static List<CertificateSource> fileSources(ListenerTls asked) {
        List<CertificateSource> sources = new ArrayList<>();
        for (KeyPair files : asked.certificates()) {
            PemFiles pem = PemFiles.of(files.chain(), files.key());
            sources.add(Certificates.pem(files.password()
                    .map(secret -> pem.withPassword(secret.toCharArray()))
                    .orElse(pem)));
        }
        return sources;
    }

    /** Makes the source of the self-signed certificate, if there is to be one. */
    static List<CertificateSource> selfSignedSources(ListenerTls asked) {
        return asked.selfSigned().isEmpty()
                ? List.of()
                : List.of(Certificates.selfSigned(asked.selfSigned().toArray(String[]::new)));
    }

    private static ClientCertificates clients(ListenerTls asked) {
        Trust trust = asked.clientTrust().map(TrustFiles::read).orElseGet(Trust::nobody);
        return new ClientCertificates(demand(asked.clientAuth()), trust);
    }

    private static ClientCertificates.Demand demand(ClientAuth auth) {
        return switch (auth) {
            case NONE -> ClientCertificates.Demand.OFF;
            case OPTIONAL -> ClientCertificates.Demand.OPTIONAL;
            case REQUIRED -> ClientCertificates.Demand.REQUIRED;
        };
    }

    private static Set<Version> versions(Listener listener) {
        Set<Version> versions = EnumSet.noneOf(Version.class);
        for (ListenerProtocol protocol : listener.protocols()) {
            versions.add(protocol == ListenerProtocol.HTTP2 ? Version.HTTP_2 : Version.HTTP_1_1);
        }
        return versions;
    }
}
