package io.lb4j.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.model.PluginUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is documented, and what is found by its name. */
final class BuiltInPageTest {
    private static final List<PartFactory<?>> FACTORIES =
            PartCatalog.installed().ofKind(PluginUse.PLUGIN_KIND);

    @Test
    void everyPluginHasAChapterWithEveryOption() {
        assertThat(FACTORIES).hasSize(13).allSatisfy(PluginPage::requireChapter);
    }

    @Test
    void theExamplesCompile(@TempDir Path folder) throws IOException {
        PluginPage.requireExamples(
                folder,
                "import io.lb4j.plugins.Plugins;\nimport io.lb4j.plugins.compression.Coding;\nimport java.nio.file.Path;",
                FACTORIES.stream().map(PartFactory::name).toArray(String[]::new));
    }

    @Test
    void aConfigBesideTheSettingsIsRefused() {
        assertThatThrownBy(() -> Served.with(
                        script -> script.onAny().answer(200),
                        builder ->
                                builder.plugin(Plugins.requestId(id -> {}), use -> use.config(Map.of("field", "x")))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plugins.request_id")
                .hasMessageContaining("stand beside its type");
    }
}
