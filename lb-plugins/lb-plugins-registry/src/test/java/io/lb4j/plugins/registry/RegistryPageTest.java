package io.lb4j.plugins.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.config.Option;
import io.lb4j.config.ScalarType;
import io.lb4j.plugins.registry.oci.RegistryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Holds docs/registry.md to its word. */
final class RegistryPageTest {
    private static final Path PAGE = Path.of("../../docs/registry.md");

    private static Optional<String> row(List<String> page, String name) {
        return page.stream()
                .filter(line -> line.startsWith("| `" + name + "` |"))
                .findFirst();
    }

    @Test
    void everyOptionHasARowWithItsDefault() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        for (Option<?> option : OciOptions.SECTION.options()) {
            assertThat(row(page, option.name()).orElse("")).as(option.name()).contains(written(option));
        }
    }

    private static <T> String written(Option<T> option) {
        return option.type() instanceof ScalarType<T> scalar
                ? option.defaultValue()
                        .map(value -> "`" + scalar.write(value) + "`")
                        .orElse("| ")
                : "| ";
    }

    @Test
    void everyReasonHasARow() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        for (RegistryException.Reason reason : RegistryException.Reason.values()) {
            assertThat(row(page, reason.name().toLowerCase(Locale.ROOT)))
                    .as(reason.name())
                    .isPresent();
        }
    }
}
