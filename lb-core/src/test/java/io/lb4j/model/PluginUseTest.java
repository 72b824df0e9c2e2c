package io.lb4j.model;

import static io.lb4j.config.Trees.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Node;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.config.Trees;
import io.lb4j.http.Method;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plugins as a file names them. */
final class PluginUseTest {
    private static final Option<Integer> LIMIT = Option.of("limit", OptionTypes.integer(1, 10), "A limit.")
            .defaultsTo(5)
            .build();

    /** What a module brings. */
    private static final class LimiterFactory implements PartFactory<Plugin> {
        private static final Section SECTION =
                Section.of("limiter", "Limits.").options(LIMIT).build();

        @Override
        public String kind() {
            return PluginUse.PLUGIN_KIND;
        }

        @Override
        public String name() {
            return "limiter";
        }

        @Override
        public Section section() {
            return SECTION;
        }

        @Override
        public Plugin create(Settings settings) {
            return new Limiter(settings.value(LIMIT));
        }
    }

    private record Limiter(int limit) implements Plugin {
        @Override
        public String name() {
            return "limiter";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Filter filter(FilterExchange exchange) {
            return new Filter() {};
        }
    }

    private static Configuration read(Object plugins) {
        Map<String, Object> tree = map("listeners", map("main", map("port", 0)), "plugins", plugins);
        return Configuration.read(Trees.node(tree), PartCatalog.of(List.of(new LimiterFactory())));
    }

    private static List<Map<String, Object>> everything() {
        return List.of(map(
                "name",
                "api-limit",
                "use",
                map("type", "limiter", "limit", 7),
                "priority",
                90,
                "enabled",
                true,
                "paths",
                List.of("/api/v1/*"),
                "methods",
                List.of("GET", "POST"),
                "required",
                false,
                "on_failure",
                "fail_open",
                "timeout",
                "2s",
                "buffer_limit",
                "1MiB",
                "max_failures",
                3,
                "failure_window",
                "5s",
                "retry_after",
                "1m",
                "block_limit",
                "100ms",
                "config",
                map("requests_per_minute", 100, "token_header", "Authorization", "on", true, "share", 0.5)));
    }

    @Test
    void aFileNamesAPluginWithAllThereIsToSay() {
        PluginUse use = read(everything()).plugins().get(0);

        assertThat(use.name()).isEqualTo("api-limit");
        assertThat(use.use().orElseThrow().create(Plugin.class)).isEqualTo(new Limiter(7));
        assertThat(use.priority()).contains(90);
        assertThat(use.paths()).containsExactly(PathGlob.of("/api/v1/*"));
        assertThat(use.methods()).containsExactly(Method.GET, Method.POST);
        assertThat(use.isRequired()).isFalse();
        assertThat(use.onFailure()).isEqualTo(PluginUse.FailureMode.FAIL_OPEN);
        assertThat(use.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(use.bufferLimit()).isEqualTo(1 << 20);
        assertThat(use.maxFailures()).isEqualTo(3);
        assertThat(use.failureWindow()).isEqualTo(Duration.ofSeconds(5));
        assertThat(use.retryAfter()).isEqualTo(Duration.ofMinutes(1));
        assertThat(use.blockLimit()).isEqualTo(Duration.ofMillis(100));
        assertThat(use.config())
                .isEqualTo(
                        Map.of("requests_per_minute", 100L, "token_header", "Authorization", "on", true, "share", 0.5));
    }

    @Test
    void aNameAloneIsEnough() {
        PluginUse use = read(List.of("limiter")).plugins().get(0);

        assertThat(use.name()).isEqualTo("limiter");
        assertThat(use.use().orElseThrow().create(Plugin.class)).isEqualTo(new Limiter(5));
        assertThat(use.onFailure()).isEqualTo(PluginUse.FailureMode.FAIL_CLOSED);
    }

    @Test
    void configurationsAreComparedByWhatTheySay() {
        assertThat(read(List.of("limiter"))).isEqualTo(read(List.of("limiter")));
        assertThat(read(List.of("limiter")))
                .isNotEqualTo(read(List.of(map("name", "limiter", "use", map("type", "limiter", "limit", 6)))));
    }

    @Test
    void everyFaultHasItsPath() {
        assertThatThrownBy(() -> read(List.of(
                        map("name", "a", "use", "limitr"),
                        map("name", "b"),
                        map("name", "c", "use", "limiter", "paths", "api", "methods", "G T", "timeout", "0s"),
                        map("name", "d", "enabled", false))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plugins.a.use: \"limitr\" (expected: one of limiter; did you mean \"limiter\"?)")
                .hasMessageContaining("plugins.b.use: missing")
                .hasMessageContaining("plugins.c.paths[0]: \"api\"")
                .hasMessageContaining("plugins.c.methods[0]")
                .hasMessageContaining("plugins.c.timeout")
                .hasMessageNotContaining("plugins.d");
    }

    @Test
    void configMayHoldSecretsAndIsNotShown() {
        Configuration configuration =
                read(List.of(map("name", "a", "use", "limiter", "config", map("jwt_secret", "s3cret"))));

        assertThat(configuration.toString()).doesNotContain("s3cret").contains("***");
    }

    @Test
    void quotationMarksKeepATextAText() {
        Origin origin = Origin.byDefault();
        Node quoted = new Node.Scalar("100", origin, true);
        Node config = new Node.Entries(List.of(new Node.Entry("zip", origin, quoted)), origin);
        Node plugin = new Node.Entries(
                List.of(
                        new Node.Entry("use", origin, new Node.Scalar("limiter", origin)),
                        new Node.Entry("config", origin, config)),
                origin);
        Node port = new Node.Entries(List.of(new Node.Entry("port", origin, new Node.Scalar("0", origin))), origin);
        Node tree = new Node.Entries(
                List.of(
                        new Node.Entry("listeners", origin, new Node.Items(List.of(port), origin)),
                        new Node.Entry("plugins", origin, new Node.Items(List.of(plugin), origin))),
                origin);

        PluginUse use = Configuration.read(tree, PartCatalog.of(List.of(new LimiterFactory())))
                .plugins()
                .get(0);
        assertThat(use.config()).isEqualTo(Map.of("zip", "100"));
        assertThat(use.name()).isEqualTo("plugin-1");
    }
}
