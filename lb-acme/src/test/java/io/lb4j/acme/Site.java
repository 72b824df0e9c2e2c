package io.lb4j.acme;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.server.Pebble;
import io.lb4j.testkit.server.PebbleSettings;
import io.lb4j.testkit.tls.ClientTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/** Pebble, and a balancer on the ports that it validates at. */
final class Site implements AutoCloseable {
    final List<ControlEvent.CertificateReport> reports = new CopyOnWriteArrayList<>();
    final Path folder;
    final Pebble pebble;
    private final ReservedPort plain = ReservedPort.any();
    private final ReservedPort secured = ReservedPort.any();

    Site(Path folder) {
        this(folder, settings -> settings);
    }

    Site(Path folder, UnaryOperator<PebbleSettings> settings) {
        this.folder = folder;
        pebble = Pebble.start(settings.apply(PebbleSettings.defaults()
                .httpPort(plain.port())
                .tlsPort(secured.port())
                .rejectedNonces(20)));
    }

    /** Certificates from this Pebble, kept below the folder. */
    Acme acme() {
        return Acme.authority(authority ->
                        authority.directory(pebble.directory().toString()).trust(trust()))
                .email("admin@example.com")
                .acceptTerms()
                .challengePort(plain.port())
                .storage(folder.resolve("certs"));
    }

    Path trust() {
        try {
            return pebble.authority().writePem(folder.resolve("api.pem"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LoadBalancerBuilder balancer(Acme acme) {
        return securedOnly(acme)
                .listener("plain", listener -> listener.host("127.0.0.1").port(plain.port()));
    }

    /** A balancer without a plain listener: challenges over HTTP are answered beside it. */
    LoadBalancerBuilder securedOnly(Acme acme) {
        return LoadBalancer.builder()
                .listener(
                        "secured",
                        listener -> listener.host("127.0.0.1")
                                .port(secured.port())
                                .tls(tls -> tls.handshakeTimeout(Duration.ofSeconds(60))))
                .route(route -> route.path("/**").respond(200, response -> response.body("served")))
                .acme(acme)
                .observer(new Observer() {
                    @Override
                    public void onControl(ControlEvent event) {
                        if (event instanceof ControlEvent.CertificateReport report) {
                            reports.add(report);
                        }
                    }
                })
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }

    /** Who issued the certificate that a handshake for a name is shown: its subject if it vouches for itself. */
    String issuerShown(String name) {
        return certificateShown(name).getIssuerX500Principal().getName();
    }

    X509Certificate certificateShown(String name) {
        try (SSLSocket socket = ClientTls.trustAll()
                .serverName(name)
                .secure(new Socket(InetAddress.getLoopbackAddress(), secured.port()))) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int securedPort() {
        return secured.port();
    }

    int plainPort() {
        return plain.port();
    }

    List<Path> stored() {
        try (Stream<Path> files = Files.walk(folder.resolve("certs"))) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        pebble.close();
        plain.close();
        secured.close();
    }
}
