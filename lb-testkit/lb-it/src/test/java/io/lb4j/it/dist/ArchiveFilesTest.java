package io.lb4j.it.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Command;
import io.lb4j.testkit.server.RealServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts, unit and Dockerfile, judged by the programs that know them. */
final class ArchiveFilesTest {
    private static final Path FILES = Path.of("../../lb-dist/src/main/dist").toAbsolutePath();

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

    private static String file(String name) {
        return FILES.resolve(name).toString();
    }
}
