package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/wasm.md has to begin with. */
final class WasmPageTest {
    private static final Path PAGE = Path.of("../../docs/wasm.md");

    @TempDir
    Path folder;

    @Test
    void thePluginToBeginWithDoesWhatItSays() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf("```c\n") + "```c\n".length();
        Path source = folder.resolve("plugin.c");
        Files.writeString(source, page.substring(from, page.indexOf("```", from)));
        byte[] plugin = Guests.c(source);

        try (ProbeHost host = ProbeHost.of(plugin, wasm -> wasm.config("edge-1"), use -> {})) {
            RawResponse refused = host.served().get("/");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text()).isEqualTo("x-token is missing\n");
            assertThat(refused.headers().first("x-served-by")).contains("edge-1");
            RawResponse response = host.served().get("/", "X-Token: t");
            assertThat(response.text()).isEqualTo("hello");
            assertThat(response.headers().first("x-served-by")).contains("edge-1");
        }
        assertThatThrownBy(() -> ProbeHost.of(plugin, wasm -> {}, use -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("proxy_on_configure: false");
    }
}
