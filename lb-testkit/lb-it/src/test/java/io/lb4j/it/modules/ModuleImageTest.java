package io.lb4j.it.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links a runtime image that holds a small program and the library as modules, and runs it. */
final class ModuleImageTest {

    private static final String MODULE = """
            module smoke {
                requires io.lb4j.core;
                requires java.net.http;
            }
            """;

    private static final String PROGRAM = """
            package smoke;

            import io.lb4j.LoadBalancer;
            import java.net.URI;
            import java.net.http.HttpClient;
            import java.net.http.HttpRequest;
            import java.net.http.HttpResponse.BodyHandlers;

            public final class Smoke {
                public static void main(String[] words) throws Exception {
                    try (LoadBalancer balancer = LoadBalancer.builder()
                            .listener(listener -> listener.port(0))
                            .route(route -> route.path("/**").respond(200, response -> response.body("from the image")))
                            .start()) {
                        URI uri = URI.create("http://127.0.0.1:" + balancer.port() + "/");
                        System.out.println(LoadBalancer.class.getModule().getName() + ": " + HttpClient.newHttpClient()
                                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                                .body());
                    }
                    System.exit(0);
                }
            }
            """;

    @TempDir
    Path work;

    @Test
    void answersFromARuntimeImage() throws IOException, InterruptedException {
        Path classes = compile();
        Path image = work.resolve("image");
        run(
                "jlink",
                "--module-path",
                modulePath() + File.pathSeparator + classes,
                "--add-modules",
                "smoke",
                "--output",
                image + "");

        Path output = work.resolve("output.txt");
        Process program = new ProcessBuilder(image.resolve("bin/java") + "", "-m", "smoke/smoke.Smoke")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(program.waitFor()).as(() -> text(output)).isZero();
        assertThat(text(output)).contains("io.lb4j.core: from the image");
    }

    private Path compile() throws IOException {
        Path sources = Files.createDirectories(work.resolve("sources/smoke"));
        Path descriptor = Files.writeString(work.resolve("sources/module-info.java"), MODULE);
        Path program = Files.writeString(sources.resolve("Smoke.java"), PROGRAM);
        Path classes = work.resolve("classes");
        run("javac", "--module-path", modulePath(), "-d", classes + "", descriptor + "", program + "");
        return classes;
    }

    /** What of our own class path is a module by its own word; jlink takes no other. */
    private static String modulePath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> Files.exists(Path.of(entry)))
                .filter(ModuleImageTest::isExplicitModule)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isExplicitModule(String entry) {
        Path path = Path.of(entry);
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve("module-info.class"));
        }
        try (Stream<ModuleReference> modules = ModuleFinder.of(path).findAll().stream()) {
            return modules.noneMatch(module -> module.descriptor().isAutomatic());
        }
    }

    private static void run(String tool, String... arguments) {
        var messages = new StringWriter();
        var out = new PrintWriter(messages);
        int code = ToolProvider.findFirst(tool).orElseThrow().run(out, out, arguments);
        assertThat(code).as("%s: %s", tool, messages).isZero();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
