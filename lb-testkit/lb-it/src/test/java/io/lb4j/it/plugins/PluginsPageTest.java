package io.lb4j.it.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.config.Option;
import io.lb4j.model.PluginUse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/plugins.md to its word. */
final class PluginsPageTest {
    private static final Path PAGE = Path.of("../../docs/plugins.md");
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleCompilesAndGuards(@TempDir Path folder) throws Exception {
        List<String> blocks = CODE.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(blocks).hasSize(2);
        Path source = folder.resolve("Example.java");
        Files.writeString(
                source, """
                import io.lb4j.LoadBalancer;
                import io.lb4j.http.*;
                import io.lb4j.spi.*;
                import io.netty.buffer.Unpooled;
                import java.util.*;
                public class Example {
                    %s
                    public static LoadBalancer start() {
                        %s
                        return lb;
                    }
                }
                """.formatted(blocks.get(0).replace("final class", "static final class"), blocks.get(1)));
        compile(source, folder);

        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {folder.toUri().toURL()});
                LoadBalancer lb = (LoadBalancer)
                        loader.loadClass("Example").getMethod("start").invoke(null)) {
            assertThat(Plugged.ask(lb, Plugged.get("/api/x")).status()).isEqualTo(401);
            assertThat(Plugged.ask(lb, Plugged.get("/open")).status()).isEqualTo(204);
            assertThat(Plugged.ask(lb, "GET /api/x HTTP/1.1\r\nHost: a\r\nX-API-Key: k1\r\n\r\n")
                            .status())
                    .isEqualTo(204);
        }
    }

    private static void compile(Path source, Path folder) {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    }

    @Test
    void theExampleHasTwentyLines() throws IOException {
        String example = CODE.matcher(Files.readString(PAGE))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        assertThat(example.lines()).hasSizeLessThanOrEqualTo(20);
    }

    @Test
    void everyOptionIsThere() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(PluginUse.SECTION.options())
                .extracting(Option::name)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }
}
