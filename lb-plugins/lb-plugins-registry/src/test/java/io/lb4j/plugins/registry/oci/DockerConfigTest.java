package io.lb4j.plugins.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials that Docker has kept. */
final class DockerConfigTest {
    private static final String PAIR = "dXNlcjpwYXNzOndvcmQ="; // user:pass:word

    @TempDir
    private Path folder;

    private DockerConfig config(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), text);
        return new DockerConfig(file, name -> folder.resolve(name).toString());
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve("docker-credential-" + name), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aPasswordStandsInTheFile() throws IOException {
        for (String key : new String[] {"a.example", "https://a.example", "https://a.example/v2/"}) {
            assertThat(config("{\"auths\":{\"" + key + "\":{\"auth\":\"" + PAIR + "\"}}}")
                            .find("a.example"))
                    .contains(new Credentials("user", "pass:word"));
        }
    }

    @Test
    void anIdentityTokenStandsInTheFile() throws IOException {
        DockerConfig config =
                config("{\"auths\":{\"a.example\":{\"auth\":\"" + PAIR + "\",\"identitytoken\":\"token\"}}}");

        assertThat(config.find("a.example")).contains(new Credentials("", "token"));
    }

    @Test
    void whatIsNotThereIsNotKnown() throws IOException {
        assertThat(config("{}").find("a.example")).isEmpty();
        assertThat(config("{\"auths\":{\"b.example\":{\"auth\":\"" + PAIR + "\"},\"a.example\":{}}}")
                        .find("a.example"))
                .isEmpty();
        assertThat(DockerConfig.in(folder.resolve("none")).find("a.example")).isEmpty();
    }

    @Test
    void aProgramIsAsked() throws IOException {
        program(
                "one",
                "read host\nprintf '{\"ServerURL\":\"%s\",\"Username\":\"user\",\"Secret\":\"%s\"}' $host $host\n");
        program("all", "printf '{\"Username\":\"<token>\",\"Secret\":\"t\"}'\n");
        DockerConfig config = config("{\"credHelpers\":{\"a.example\":\"one\"},\"credsStore\":\"all\"}");

        assertThat(config.find("a.example")).contains(new Credentials("user", "a.example"));
        assertThat(config.find("b.example")).contains(new Credentials("", "t"));
    }

    @Test
    void aProgramThatKnowsNothingLeavesItToTheFile() throws IOException {
        program("all", "echo credentials not found in native keychain\nexit 1\n");
        DockerConfig config = config("{\"credsStore\":\"all\",\"auths\":{\"a.example\":{\"auth\":\"" + PAIR + "\"}}}");

        assertThat(config.find("a.example")).contains(new Credentials("user", "pass:word"));
        assertThat(config.find("b.example")).isEmpty();
    }

    @Test
    void aProgramThatFailsIsToldWithoutItsWords() throws IOException {
        program("all", "echo hush\nexit 3\n");

        assertThatThrownBy(() -> config("{\"credsStore\":\"all\"}").find("a.example"))
                .hasMessage("unauthorized: credentials: docker-credential-all: exit code 3");
        assertThatThrownBy(() -> config("{\"credsStore\":\"none\"}").find("a.example"))
                .hasMessageContaining("cannot be run");
        assertThatThrownBy(() -> config("{\"credsStore\":\"../all\"}").find("a.example"))
                .hasMessageContaining("not a name");
    }

    @Test
    void aFileThatCannotBeReadIsToldWithoutItsContent() throws IOException {
        assertThatThrownBy(() -> config("{\"auths\": hush").find("a.example"))
                .hasMessageStartingWith("malformed: ")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> config("{\"auths\":{\"a.example\":{\"auth\":\"hush!\"}}}")
                        .find("a.example"))
                .hasMessageStartingWith("malformed: ")
                .hasMessageNotContaining("hush");
    }

    @Test
    void theUsualFileIsDockersOwn() {
        assertThat(DockerConfig.usual(Map.of("DOCKER_CONFIG", "/etc/docker")))
                .isEqualTo(Path.of("/etc/docker/config.json"));
        assertThat(DockerConfig.usual(Map.of())).endsWithRaw(Path.of(".docker/config.json"));
    }
}
