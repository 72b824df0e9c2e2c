package io.lb4j.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds docs/reference.md to the declarations. With the system property {@code lb4j.docs.write} set to true the test writes it anew. */
final class ReferencePageTest {
    private static final Path PAGE = Path.of("../docs/reference.md");

    @Test
    void thePageSaysWhatTheDeclarationsSay() throws IOException {
        String page = ReferencePage.of(Parts.catalog());
        if (Boolean.getBoolean("lb4j.docs.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(page).contains("| `listeners[].timeouts.idle` |", "| **`listeners[].port`** |", "`type: consul`");
        assertThat(Files.readString(PAGE))
                .as("docs/reference.md; run this test with -Dlb4j.docs.write=true to write it anew")
                .isEqualTo(page);
    }
}
