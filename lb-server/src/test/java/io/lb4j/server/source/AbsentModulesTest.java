package io.lb4j.server.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.model.Cluster;
import io.lb4j.model.Configuration;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.model.Listener;
import io.lb4j.model.PluginUse;
import io.lb4j.model.ProcessOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every part that a module brings is known by its module. */
final class AbsentModulesTest {
    static Stream<PartFactory<?>> installed() {
        PartCatalog installed = PartCatalog.installed();
        return Stream.of(
                        Listener.TRANSPORT,
                        Cluster.UPSTREAM_TRANSPORT,
                        Configuration.ACME_KIND,
                        "dns_provider",
                        DiscoveryPolicy.PROVIDER,
                        ProcessOptions.SHARED_STORE_KIND,
                        PluginUse.PLUGIN_KIND)
                .map(installed::ofKind)
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("installed")
    void aPartIsKnownByTheModuleThatBringsIt(PartFactory<?> factory) {
        String source = factory.getClass()
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        String artifact = AbsentModules.artifact(factory.kind(), factory.name()).orElse("none");

        assertThat(source).matches(".*/" + artifact + "(/target/classes/|-[0-9][^/]*\\.jar)");
    }
}
