package io.lb4j.it.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Command;
import io.lb4j.testkit.server.RealServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts, unit and Dockerfile, judged by the programs that know them. */
final class ArchiveFilesTest {
    private static final Path FILES = Path.of("../../lb-dist/src/main/dist").toAbsolutePath();

    private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    @TempDir
    Path folder;

    @Test
    void shellcheckHasNothingAgainstTheScripts() {
        RealServer.require("shellcheck");

        assertThat(Command.run("shellcheck", file("bin/lb-server"), file("bin/lb-plugins")))
                .isEmpty();
        assertThat(Command.run("shellcheck", "-x", "../../scripts/start-time")).isEmpty();
    }

    @Test
    void hadolintHasNothingAgainstTheDockerfile() {
        RealServer.require("hadolint");

        assertThat(Command.run("hadolint", file("Dockerfile"))).isEmpty();
    }

    /** The unit names the server where it will be; here a script takes its place. */
    @Test
    void systemdTakesTheUnit() throws IOException {
        RealServer.require("systemd-analyze");
        Path program = Files.writeString(folder.resolve("lb-server"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        String unit = Files.readString(FILES.resolve("systemd/lb4j.service"));
        assertThat(unit).contains("ExecStart=/opt/lb4j/bin/lb-server ");
        Path here = Files.writeString(
                folder.resolve("lb4j.service"), unit.replace("/opt/lb4j/bin/lb-server", program.toString()));

        assertThat(Command.run("systemd-analyze", "verify", here.toString())).isEmpty();
    }

    /** Exit codes that prevent a restart are those of the process itself: systemd tries again after whatever fails before it. */
    @Test
    void theUnitStartsNothingBeforeTheServer() throws IOException {
        assertThat(Files.readString(FILES.resolve("systemd/lb4j.service")).lines())
                .contains("RestartPreventExitStatus=2 3")
                .noneMatch(line -> line.startsWith("ExecStartPre=") || line.startsWith("ExecCondition="));
    }

    /** What it is exposed to, in tenths of what systemd counts: the network, a port below 1024, and what the JVM needs. */
    @Test
    void theUnitKeepsTheProcessFromWhatItDoesNotNeed() {
        RealServer.require("systemd-analyze");

        Command.Ended judged = Command.runAnyhow(
                60, "systemd-analyze", "security", "--offline=true", "--threshold=20", file("systemd/lb4j.service"));

        assertThat(judged.code()).as(judged.output()).isZero();
    }

    /** The archive has all of docs, and nothing else of the sources that a page could lead to. */
    @Test
    void linksBetweenPagesOfTheArchiveLeadSomewhere() throws IOException {
        assertThat(Files.readString(Path.of("../../lb-dist/src/main/assembly/archive.xml")))
                .contains("<directory>../docs</directory>");
        Path docs = Path.of("../../docs").toRealPath();
        List<String> broken = new ArrayList<>();
        try (Stream<Path> pages = Files.walk(docs)) {
            for (Path page :
                    pages.filter(path -> path.toString().endsWith(".md")).toList()) {
                Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
                link.results()
                        .map(found -> found.group(1))
                        .filter(target -> !target.matches("[a-z]+:.*") && !leadsTo(docs, page, target))
                        .forEach(target -> broken.add(docs.relativize(page) + ": " + target));
            }
        }

        assertThat(broken).isEmpty();
    }

    private static boolean leadsTo(Path docs, Path page, String target) {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return file.startsWith(docs)
                && Files.exists(file)
                && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /** Headings as links name them: small letters, digits, hyphens for spaces. */
    private static List<String> anchors(Path page) {
        try (Stream<String> lines = Files.lines(page)) {
            return lines.filter(line -> line.matches("#+ .*"))
                    .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                    .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(String name) {
        return FILES.resolve(name).toString();
    }
}
