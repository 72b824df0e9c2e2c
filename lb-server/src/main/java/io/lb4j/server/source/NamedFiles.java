package io.lb4j.server.source;

import io.lb4j.config.Faults;
import io.lb4j.config.Inspection;
import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.model.Cluster;
import io.lb4j.model.Configuration;
import io.lb4j.model.KeyPair;
import io.lb4j.model.Listener;
import io.lb4j.model.ListenerTls;
import io.lb4j.model.PluginUse;
import io.lb4j.model.UpstreamTls;
import io.lb4j.server.config.AdminOptions;
import io.lb4j.server.config.ServerConfiguration;
import io.lb4j.spi.Certificates;
import io.lb4j.spi.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;

/**
 * What is wrong with the files that a configuration names: certificates, keys, and what plugins read. Whoever asks for a check is told; where a configuration is put in force, files that are being
 * exchanged keep nothing from it that has been read before.
 */
final class NamedFiles {
    private static final String PAIR = "files that can be read";
    private static final String AUTHORITIES = "certificates in PEM";

    private final Inspection all;
    private final Faults dispensable;

    private NamedFiles(Inspection all, Faults dispensable) {
        this.all = all;
        this.dispensable = dispensable;
    }

    /**
     * Reads all of them, once.
     *
     * @param dispensable takes what is wrong with plugins that exchanges can go without, and with sources of endpoints, which are waited for
     */
    static void inspect(ServerConfiguration configuration, Inspection all, Faults dispensable) {
        NamedFiles files = new NamedFiles(all, dispensable);
        Configuration balancer = configuration.balancer();
        balancer.listeners().forEach(files::ofListener);
        balancer.clusters().forEach(files::ofCluster);
        files.ofPlugins(balancer.plugins(), all);
        balancer.routes()
                .forEach(route -> files.ofPlugins(
                        route.plugins(), all.at(Configuration.ROUTES.name()).at(route.name())));
        configuration.admin().flatMap(AdminOptions::tls).ifPresent(files::ofAdministration);
    }

    private void ofListener(Listener listener) {
        Inspection place = all.at(Configuration.LISTENERS.name()).at(listener.name());
        listener.tls().ifPresent(tls -> {
            Inspection ofTls = place.at("tls");
            List<KeyPair> pairs = tls.certificates();
            for (int i = 0; i < pairs.size(); i++) {
                pair(pairs.get(i), ofTls.at("certificates").at(i));
            }
            ofTls.file(tls.settings(), ListenerTls.CLIENT_TRUST, AUTHORITIES, NamedFiles::requireCertificates);
        });
        ofPlugins(listener.plugins(), place);
    }

    private void ofCluster(Cluster cluster) {
        Inspection place = all.at(Configuration.CLUSTERS.name()).at(cluster.name());
        Inspection ofTls = place.at("tls");
        cluster.tls().ifPresent(tls -> {
            tls.clientCertificate().ifPresent(files -> pair(files, ofTls.at("client_certificate")));
            ofTls.file(tls.settings(), UpstreamTls.TRUST, AUTHORITIES, NamedFiles::requireCertificates);
        });
        List<Part> providers = cluster.discovery().providers();
        Inspection ofProviders = place.at("discovery").at("providers").reportingTo(dispensable);
        for (int i = 0; i < providers.size(); i++) {
            providers.get(i).inspect(ofProviders.at(i));
        }
    }

    private void ofAdministration(Settings tls) {
        Inspection place = all.at(ServerConfiguration.ADMIN.name()).at(AdminOptions.TLS.name());
        PemFiles files = PemFiles.of(tls.value(AdminOptions.CHAIN), tls.value(AdminOptions.KEY));
        place.files(PAIR, tls.origin(AdminOptions.CHAIN), () -> Certificates.readPem(files));
        place.file(tls, AdminOptions.CLIENT_TRUST, AUTHORITIES, NamedFiles::requireCertificates);
    }

    private void ofPlugins(List<PluginUse> plugins, Inspection around) {
        for (PluginUse plugin : plugins) {
            if (plugin.isEnabled()) {
                Inspection place = around.at(Configuration.PLUGINS.name()).at(plugin.name());
                Inspection told = plugin.isRequired() ? place : place.reportingTo(dispensable);
                plugin.use().ifPresent(part -> part.inspect(told.at(PluginUse.USE.name())));
            }
        }
    }

    private static void pair(KeyPair pair, Inspection place) {
        PemFiles files = PemFiles.of(pair.chain(), pair.key());
        PemFiles opened = pair.password()
                .map(secret -> files.withPassword(secret.toCharArray()))
                .orElse(files);
        place.files(PAIR, pair.settings().origin(KeyPair.CHAIN), () -> Certificates.readPem(opened));
    }

    private static void requireCertificates(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new IOException("no certificate found (expected: X.509 in PEM)");
            }
        }
    }
}
