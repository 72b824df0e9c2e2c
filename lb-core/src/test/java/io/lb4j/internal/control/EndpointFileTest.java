package io.lb4j.internal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointFileTest {
    private static final Map<String, List<Endpoint>> SOURCES = Map.of(
            "consul",
            List.of(
                    new Endpoint("10.0.0.1", 8080, 7, Map.of("zone", "a b", "tags", "x,y=z", "ü", "\n"), "api.test"),
                    Endpoint.of("fd00::1", 80)),
            "dns api.test:80",
            List.of());

    @TempDir
    private Path folder;

    private EndpointFile file() {
        return new EndpointFile(folder.resolve("deep/api.endpoints"));
    }

    @Test
    void readsBackWhatItHasWritten() throws IOException {
        file().write(SOURCES);

        assertThat(file().read()).isEqualTo(SOURCES);
    }

    @Test
    void isForItsOwnerAloneAndLeavesNothingBesideIt() throws IOException {
        file().write(SOURCES);
        file().write(SOURCES);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().path())))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder.resolve("deep"))) {
            assertThat(files).containsExactly(file().path());
        }
    }

    @Test
    void remembersNothingBeforeItWasWritten() {
        assertThat(file().read()).isEmpty();
    }

    @Test
    void ignoresAFileThatIsCutOffOrChanged() throws IOException {
        file().write(SOURCES);
        String whole = Files.readString(file().path());
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file().path(), whole.substring(0, length));
            assertThat(file().read()).as("cut after %d", length).isEmpty();
        }
        Files.writeString(file().path(), whole.replace("8080", "8081"));
        assertThat(file().read()).isEmpty();
        Files.write(file().path(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(file().read()).isEmpty();
    }

    @Test
    void leavesTheOldFileWhereTheNewOneCannotBeWritten() throws IOException {
        file().write(SOURCES);
        Path taken = folder.resolve("folder");
        Files.createDirectories(taken.resolve("inside"));

        assertThatThrownBy(() -> new EndpointFile(taken).write(SOURCES)).isInstanceOf(IOException.class);
        assertThat(file().read()).isEqualTo(SOURCES);
    }
}
