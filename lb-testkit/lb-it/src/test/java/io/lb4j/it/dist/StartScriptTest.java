package io.lb4j.it.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lb4j.it.fixture.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The start script, with each JDK of this machine, and a program in the server's place that says how it was started. */
final class StartScriptTest {
    private static final Path SCRIPT = Path.of("../../lb-dist/src/main/dist/bin/lb-server");
    private static final String NO_ARCHIVE = "LB4J_CDS=off";
    private static final String PROGRAM = """
            import java.lang.management.ManagementFactory;
            import java.nio.file.Files;
            import java.nio.file.Path;

            public class Program {
                public static void main(String[] words) throws Exception {
                    System.out.println("words: " + String.join("|", words));
                    System.out.println("collectors: " + ManagementFactory.getGarbageCollectorMXBeans().get(0).getName());
                    System.out.println("options: " + ManagementFactory.getRuntimeMXBean().getInputArguments());
                    String archive = System.getProperty("lb4j.cds");
                    System.out.println("sun.misc.unsafe.memory.access: " + System.getProperty("sun.misc.unsafe.memory.access"));
                    System.out.println("archive: " + archive);
                    boolean isMapped = archive != null && Files.readString(Path.of("/proc/self/maps")).contains(archive);
                    Path log = Path.of(archive + ".log");
                    System.out.println("used: " + (isMapped && Files.size(log) == 0));
                }
            }
            """;

    @TempDir
    Path folder;

    private Path home;

    /** The JDK that runs this, and others where Debian has them. */
    static List<Path> jdks() throws IOException {
        List<Path> jdks = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> others = Files.list(installed)) {
                others.filter(jdk -> Files.isExecutable(jdk.resolve("bin/java")) && version(jdk) >= 17)
                        .forEach(jdks::add);
            }
        }
        List<Path> distinct = new ArrayList<>();
        for (Path jdk : jdks) {
            Path real = jdk.toRealPath();
            if (!distinct.contains(real)) {
                distinct.add(real);
            }
        }
        return distinct;
    }

    private static int version(Path jdk) {
        try {
            return Files.readString(jdk.resolve("release"))
                    .lines()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D*(\\d+).*", "$1")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // no JDK that says what it is
        }
    }

    @BeforeEach
    void unpack() throws IOException {
        home = folder.resolve("a folder of lb4j");
        Path script = home.resolve("bin/lb-server");
        Files.createDirectories(script.getParent());
        Files.copy(SCRIPT, script);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Path source = Files.writeString(folder.resolve("Program.java"), PROGRAM);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "--release", "17", "-d", folder.toString(), source.toString()))
                .isZero();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Program");
        try (OutputStream file = Files.newOutputStream(home.resolve("lb4j.jar"));
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            jar.putNextEntry(new JarEntry("Program.class"));
            Files.copy(folder.resolve("Program.class"), jar);
        }
    }

    /** Runs a command in an environment that has nothing but a path and what is given. */
    private static Command.Ended run(List<String> environment, String... command) {
        List<String> words = new ArrayList<>(List.of("env", "-i", "PATH=/usr/bin:/bin"));
        words.addAll(environment);
        words.addAll(List.of(command));
        return Command.runAnyhow(100, words.toArray(String[]::new));
    }

    private Command.Ended start(Path jdk, String... environment) {
        List<String> all = new ArrayList<>(List.of(environment));
        all.add("JAVA_HOME=" + jdk);
        return run(all, home.resolve("bin/lb-server").toString(), "lb4j.yaml");
    }

    private static String output(Command.Ended ended) {
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended.output();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void handsArgumentsOnAsTheyAreAlsoBehindLinks(Path jdk) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a folder of lb4j/bin/lb-server"));
        Path second = Files.createSymbolicLink(folder.resolve("second link"), link);

        String output = output(
                run(List.of("JAVA_HOME=" + jdk, NO_ARCHIVE), second.toString(), "a file.yaml", "*", "", "--x $y"));

        assertThat(output).startsWith("words: a file.yaml|*||--x $y\n").contains("collectors: G1", "archive: null");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void opensItsFilesWhereTheLocaleIsAsciiAndTheirNamesAreNot(Path jdk) {
        String beyondAscii =
                "cp -R \"$1\" \"$1$(printf '\\303\\251')\" && exec \"$1$(printf '\\303\\251')/bin/lb-server\" x";

        for (String locale : List.of("LC_ALL=C", "LANG=POSIX", "LC_CTYPE=C.UTF-8")) {
            Command.Ended ended = run(
                    List.of("JAVA_HOME=" + jdk, NO_ARCHIVE, locale), "sh", "-c", beyondAscii, "sh", home.toString());
            assertThat(output(ended)).startsWith("words: x\n");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void optionsOfTheUserCountMoreThanItsOwn(Path jdk) {
        String output = output(start(jdk, NO_ARCHIVE, "LB4J_JAVA_OPTS=-XX:+UseSerialGC -XX:MaxRAMPercentage=20"));

        assertThat(output)
                .contains("collectors: Copy")
                .contains("-XX:MaxRAMPercentage=50, -XX:+UseSerialGC, -XX:MaxRAMPercentage=20");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void startsTheJvmsRecorderOnlyWhereSomebodyRecords(Path jdk) {
        String recording = "LB4J_JAVA_OPTS=-XX:StartFlightRecording:filename=" + folder.resolve("x.jfr");

        assertThat(output(start(jdk, NO_ARCHIVE))).contains("-Dio.netty.jfr.enabled=false");
        assertThat(output(start(jdk, NO_ARCHIVE, "LB4J_JAVA_OPTS=-Dio.netty.jfr.enabled=true")))
                .contains("-Dio.netty.jfr.enabled=false, ")
                .contains(", -Dio.netty.jfr.enabled=true");
        assertThat(output(start(jdk, NO_ARCHIVE, recording))).doesNotContain("io.netty.jfr.enabled");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void letsNettyUseUnsafeWhereItWouldNotAndTheJvmKnowsTheOption(Path jdk) {
        String output = output(start(jdk, NO_ARCHIVE));

        assertThat(output.contains("sun.misc.unsafe.memory.access: allow"))
                .as(output)
                .isEqualTo(version(jdk) == 24 || version(jdk) == 25);
    }

    @Test
    void saysWhatIsWrongWithJavaHome() throws IOException {
        Path old = folder.resolve("old");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        assertThat(start(Path.of("/no where")))
                .isEqualTo(
                        new Command.Ended(
                                1,
                                "lb-server: /no where/bin/java is not there (expected: Java 17 or later; JAVA_HOME names its folder)\n"));
        assertThat(start(old))
                .isEqualTo(new Command.Ended(
                        1, "lb-server: " + java + " is 11 (expected: Java 17 or later; JAVA_HOME names its folder)\n"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void takesAJavaThatDoesNotSayWhatItIs(Path jdk) throws IOException {
        Path other = folder.resolve("another java");
        Files.createDirectories(other.resolve("bin"));
        Path java = Files.writeString(
                other.resolve("bin/java"), "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(jdk.resolve("bin/java")));
        assertThat(java.toFile().setExecutable(true)).isTrue();

        assertThat(output(start(other, NO_ARCHIVE))).startsWith("words: lb4j.yaml\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void doesWithoutAnArchiveWhereNoneCanBeWritten(Path jdk) {
        assertThat(output(start(jdk, "LB4J_CDS=" + home.resolve("lb4j.jar/classes.jsa"))))
                .startsWith("words: lb4j.yaml\n")
                .endsWith("archive: null\nused: false\n");
        assertThat(output(start(jdk, "XDG_CACHE_HOME=/proc/none"))).endsWith("archive: null\nused: false\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theFirstProcessMakesAnArchiveAndTheNextBeginsWithIt(Path jdk) {
        Path archive = made(jdk);

        assertThat(output(start(jdk, "LB4J_CDS=" + archive)))
                .startsWith("words: lb4j.yaml\n")
                .endsWith("archive: " + archive + "\nused: true\n");
    }

    /** Makes an archive, as JDKs from 19 on do by themselves. */
    private Path made(Path jdk) {
        Path cache = folder.resolve("a cache/lb4j");
        Path archive = cache.resolve("classes.jsa");
        if (version(jdk) >= 19) {
            output(start(jdk, "LB4J_CDS=" + archive));
        } else {
            assertThat(cache.toFile().mkdirs()).isTrue();
            output(run(
                    List.of("JAVA_HOME=" + jdk, NO_ARCHIVE),
                    jdk.resolve("bin/java").toString(),
                    "-XX:ArchiveClassesAtExit=" + archive,
                    "-jar",
                    home.resolve("lb4j.jar").toString()));
        }
        assertThat(archive).isRegularFile();
        return archive;
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatIsDamagedInTheArchiveIsNotUsed(Path jdk) throws IOException {
        Path archive = made(jdk);
        try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
            file.seek(file.length() / 3);
            file.write(new byte[(int) (file.length() / 3)]);
        }

        assertThat(output(start(jdk, "LB4J_CDS=" + archive)))
                .startsWith("words: lb4j.yaml\n")
                .endsWith("archive: " + archive + "\nused: false\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anArchiveThatIsNoneIsNotUsed(Path jdk) throws IOException {
        assumeThat(Files.isDirectory(Path.of("/proc/self"))).isTrue();
        Path archive = Files.write(folder.resolve("classes.jsa"), new byte[100_000]);

        assertThat(output(start(jdk, "LB4J_CDS=" + archive)))
                .contains("words: lb4j.yaml\n")
                .endsWith("archive: " + archive + "\nused: false\n");
    }
}
