package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an archive of classes that a JVM has begun with, or could not begin with. */
final class ClassArchiveTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path folder;

    private Path archive;
    private Path mappings;

    @BeforeEach
    void write() throws IOException {
        archive = Files.writeString(folder.resolve("classes of a server.jsa"), "classes");
        Files.setLastModifiedTime(archive, FileTime.from(START.minusSeconds(5)));
        mappings = Files.writeString(folder.resolve("maps"), """
                35001000-35d95000 rw-p 00001000 fe:00 315633                             /usr/lib/jvm/17/lib/server/classes.jsa
                7ffc00000-7ffd24000 rw-p 00dc9000 fe:00 0
                """);
    }

    private ClassArchive archive(boolean isMadeByTheJvm) {
        return new ClassArchive(archive, mappings, START, isMadeByTheJvm);
    }

    @Test
    void oneThatIsNotUsedMakesWay() {
        archive(true).makeWayForAnother();

        assertThat(archive).doesNotExist();
    }

    @Test
    void oneThatIsUsedStaysByWhateverNameItIsCalled() throws IOException {
        use();
        Path link = Files.createSymbolicLink(folder.resolve("link.jsa"), archive);

        new ClassArchive(link, mappings, START, true).makeWayForAnother();

        assertThat(link).exists();
        assertThat(archive).exists();
    }

    @Test
    void oneThatTheJvmHasSomethingAgainstMakesWay() throws IOException {
        use();
        Files.writeString(folder.resolve("classes of a server.jsa.log"), "Unable to use shared archive\n");

        archive(true).makeWayForAnother();

        assertThat(archive).doesNotExist();
    }

    private void use() throws IOException {
        Files.writeString(mappings, Files.readString(mappings) + """
                35d95000-35df6000 rw-p 00001000 fe:00 10412040                           %s
                """.formatted(archive.toRealPath()));
        Files.writeString(folder.resolve("classes of a server.jsa.log"), "");
    }

    @Test
    void oneThatAnotherProcessHasMadeSinceStays() throws IOException {
        Files.setLastModifiedTime(archive, FileTime.from(START.plusSeconds(5)));

        archive(true).makeWayForAnother();

        assertThat(archive).exists();
    }

    @Test
    void oneThatTheJvmDoesNotMakeStays() {
        archive(false).makeWayForAnother();

        assertThat(archive).exists();
    }

    @Test
    void oneStaysWhereNothingSaysWhetherItIsUsed() throws IOException {
        Files.delete(mappings);

        archive(true).makeWayForAnother();

        assertThat(archive).exists();
    }

    @Test
    void thereNeedNotBeOne() throws IOException {
        Files.delete(archive);

        archive(true).makeWayForAnother();

        assertThat(archive).doesNotExist();
    }
}
