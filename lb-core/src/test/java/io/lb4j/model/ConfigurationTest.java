package io.lb4j.model;

import static io.lb4j.config.Trees.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.config.ListType;
import io.lb4j.config.Option;
import io.lb4j.config.OptionType;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Section;
import io.lb4j.config.SectionType;
import io.lb4j.config.Trees;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    private static final PartCatalog NO_PARTS = PartCatalog.of(List.of());

    @Test
    void readsATreeAsAFileHasIt() {
        Configuration configuration = read(map(
                "listeners", map("main", map("port", 8443, "tls", map("self_signed", "localhost"))),
                "clusters", map("api", map("endpoints", List.of("127.0.0.1:9001", "[::1]:9002"), "slow_start", "30s")),
                "routes", List.of(map("hosts", "*.example.com", "path", "/api/**", "cluster", "api"))));

        assertThat(configuration.clusters().get(0).endpoints())
                .extracting(Endpoint::address)
                .containsExactly("127.0.0.1:9001", "[::1]:9002");
        assertThat(configuration.routes().get(0).hosts()).containsExactly(HostPattern.of("*.example.com"));
        assertThat(configuration.routes().get(0).path()).isEqualTo(PathPattern.of("/api/**"));
    }

    @Test
    void readsBackWhatItRenders() {
        Configuration configuration = read(map(
                "listeners", map("main", map("port", 8080, "limits", map("body", "16MiB", "connections", "unlimited"))),
                "clusters",
                        map(
                                "api",
                                map(
                                        "endpoints",
                                        List.of(map("host", "a.example", "port", 1, "metadata", map("zone", "x"))),
                                        "health",
                                        map("path", "/h", "statuses", List.of("200", "204-206")))),
                "routes",
                        List.of(
                                map(
                                        "path", "/users/{id}",
                                        "methods", List.of("GET", "PURGE"),
                                        "headers", List.of(map("name", "x-a", "regex", "a+")),
                                        "query", List.of(map("name", "q", "present", false)),
                                        "split", map("api", 3),
                                        "rewrite", map("path", "/u/{id}")),
                                map("path_regex", "/r/\\d+", "redirect", map("scheme", "https", "status", 308)),
                                map("respond", map("status", 404, "body", "no\nsuch", "fields", map("x-a", "b"))))));

        Configuration again = read(configuration.settings().toTree());

        assertThat(again).isEqualTo(configuration).hasSameHashCodeAs(configuration);
        assertThat(again.settings().toTree()).isEqualTo(configuration.settings().toTree());
    }

    @Test
    void tellsFileLineAndColumnOfEachFault() {
        List<Fault> faults = faultsOf(map("listeners", map("main", map("port", "eighty"))));

        assertThat(faults)
                .extracting(Fault::toString)
                .containsExactly("listeners.main.port: \"eighty\" (expected: 0..65535) [lb.yaml:3:1]");
    }

    @Test
    void saysWhatAListOfSectionsLooksLike() {
        assertThat(faultsOf(map("clusters", "api", "listeners", map("main", map("port", 1)))))
                .extracting(Fault::message)
                .containsExactly(
                        "clusters: \"api\" (expected: a list of sections \"cluster\"; or such sections by their names)");
    }

    @Test
    void checksReferencesOfAConfigurationThatHasOtherFaults() {
        List<Fault> faults = faultsOf(map(
                "listeners", map("main", map("port", -1)),
                "clusters", map("api", map("endpoints", "127.0.0.1:1", "pool", map("max_idle", -1))),
                "routes", map("good", map("cluster", "api"), "bad", map("cluster", "apis"))));

        assertThat(faults)
                .extracting(Fault::path)
                .containsExactlyInAnyOrder("listeners.main.port", "clusters.api.pool.max_idle", "routes.bad.cluster");
    }

    @Test
    void refusesATreeThatIsNoSection() {
        assertThat(faultsOf(List.of(1))).extracting(Fault::path).containsExactly("configuration", "listeners");
    }

    @Test
    void documentsEveryOptionInASentence() {
        for (Section section : sections()) {
            assertThat(section.doc()).as(section.name()).matches("[A-Z].*\\.");
            for (Option<?> option : section.options()) {
                assertThat(option.doc()).as(section + "." + option).matches("[A-Z].*\\.");
            }
        }
    }

    @Test
    void saysWhatHoldsForEveryOptionThatIsNotSet() {
        Set<Option<?>> alternatives = Set.of(
                Cluster.ENDPOINTS,
                Route.CLUSTER,
                Route.SPLIT,
                Route.REDIRECT,
                Route.RESPOND,
                Route.PATH_REGEX,
                Rewrite.PREFIX,
                Rewrite.PATH,
                Rewrite.REGEX,
                Rewrite.REPLACEMENT,
                Redirect.PREFIX,
                ValueMatch.EXACT,
                ValueMatch.PREFIX,
                ValueMatch.REGEX,
                ValueMatch.PRESENT,
                ListenerTls.CLIENT_TRUST,
                Listener.NAME,
                Route.NAME,
                PluginUse.NAME);
        for (Section section : sections()) {
            for (Option<?> option : section.options()) {
                boolean said = option.isRequired()
                        || option.defaultValue().isPresent()
                        || !option.whenAbsent().isEmpty()
                        || alternatives.contains(option);
                assertThat(said).as(section + "." + option).isTrue();
            }
        }
    }

    @Test
    void findsEverySectionFromTheRoot() {
        assertThat(sections())
                .extracting(Section::name)
                .contains("listener", "tls", "limits", "cluster", "endpoint", "health", "route", "header", "redirect");
    }

    private static Set<Section> sections() {
        Set<Section> found = new LinkedHashSet<>();
        List<Section> open = new ArrayList<>(List.of(Configuration.SECTION));
        while (!open.isEmpty()) {
            Section section = open.remove(0);
            if (found.add(section)) {
                section.options().forEach(option -> open.addAll(below(option.type())));
            }
        }
        return found;
    }

    private static List<Section> below(OptionType<?> type) {
        if (type instanceof SectionType nested) {
            return List.of(nested.section());
        }
        return type instanceof ListType<?> list ? below(list.element()) : List.of();
    }

    private static Configuration read(Map<String, Object> tree) {
        return Configuration.read(Trees.node(tree), NO_PARTS);
    }

    private static List<Fault> faultsOf(Object tree) {
        return catchThrowableOfType(ConfigurationException.class, () -> Configuration.read(Trees.node(tree), NO_PARTS))
                .faults();
    }
}
