package io.lb4j.internal.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Foreign clients from the system: openssl and curl. */
final class OpenSslClient {
    static final Path OPENSSL = Path.of("/usr/bin/openssl");
    static final Path CURL = Path.of("/usr/bin/curl");

    private final Path folder;

    OpenSslClient(Path folder) {
        this.folder = folder;
    }

    /** Connects, asks a {@link RecordingProtocols} to close, and returns what the client says. */
    String connect(int port, String... more) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(OPENSSL.toString(), "s_client", "-ign_eof", "-connect", "127.0.0.1:" + port));
        command.addAll(List.of(more));
        return run(command, "" + (char) RecordingProtocols.END);
    }

    String run(List<String> command, String input) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            return Files.readString(out, StandardCharsets.ISO_8859_1);
        } finally {
            process.destroyForcibly();
        }
    }
}
