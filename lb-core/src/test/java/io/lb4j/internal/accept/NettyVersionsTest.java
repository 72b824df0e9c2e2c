package io.lb4j.internal.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NettyVersionsTest {

    @TempDir
    Path jars;

    @Test
    void findsOneVersionOnOurOwnClassPath() throws IOException {
        assertThat(mixtureSeenBy(NettyVersionsTest.class.getClassLoader())).isEmpty();
    }

    @Test
    void namesEveryArtifactOfAMixedSet() throws IOException {
        Path buffer = jar("netty-buffer", "4.2.18.Final", "io/netty/buffer/ByteBuf.class");
        Path common = jar("netty-common", "4.2.18.Final", "io/netty/util/Version.class");
        Path handler = jar("netty-handler", "4.2.20.Final", "io/netty/handler/ssl/SslHandler.class");

        assertThat(mixtureOf(handler, buffer, common))
                .hasValue(
                        "Netty: mixed versions 4.2.18.Final (netty-buffer, netty-common), 4.2.20.Final (netty-handler)"
                                + " (expected: one for all; import lb-bom ahead of other BOMs)");
    }

    @Test
    void namesANativeLibraryOfAnotherVersion() throws IOException {
        Path buffer = jar("netty-buffer", "4.2.18.Final", "io/netty/buffer/ByteBuf.class");
        Path epoll = jar(
                "netty-transport-native-epoll",
                "4.2.17.Final",
                "META-INF/native/libnetty_transport_native_epoll_x86_64.so");

        assertThat(mixtureOf(buffer, epoll))
                .hasValueSatisfying(
                        mixture -> assertThat(mixture).contains("4.2.17.Final (netty-transport-native-epoll)"));
    }

    @Test
    void namesAnArtifactThatIsThereTwice() throws IOException {
        Path old = jar("netty-buffer", "4.1.100.Final", "io/netty/buffer/ByteBuf.class");
        Path young = jar("netty-buffer", "4.2.18.Final", "io/netty/buffer/ByteBuf.class");

        assertThat(mixtureOf(old, young))
                .hasValueSatisfying(mixture ->
                        assertThat(mixture).contains("4.1.100.Final (netty-buffer)", "4.2.18.Final (netty-buffer)"));
    }

    @Test
    void passesOverRelocatedCopies() throws IOException {
        Path ours = jar("netty-buffer", "4.2.18.Final", "io/netty/buffer/ByteBuf.class");
        Path shaded = jar("netty-buffer", "4.1.100.Final", "io/grpc/netty/shaded/io/netty/buffer/ByteBuf.class");

        assertThat(mixtureOf(ours, shaded)).isEmpty();
    }

    @Test
    void passesOverOtherReleaseLines() throws IOException {
        Path ours = jar("netty-buffer", "4.2.18.Final", "io/netty/buffer/ByteBuf.class");
        Path tls = jar("netty-tcnative-classes", "2.0.84.Final", "io/netty/internal/tcnative/SSL.class");
        Path quic = jar("netty-incubator-codec-classes-quic", "0.0.73.Final", "io/netty/incubator/Quic.class");

        assertThat(mixtureOf(ours, tls, quic)).isEmpty();
    }

    private static Optional<String> mixtureOf(Path... jars) throws IOException {
        var urls = new ArrayList<URL>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        try (var loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            return mixtureSeenBy(loader);
        }
    }

    private static Optional<String> mixtureSeenBy(ClassLoader loader) throws IOException {
        return NettyVersions.seenBy(loader).mixture();
    }

    private Path jar(String artifact, String version, String entry) throws IOException {
        Path jar = jars.resolve(artifact + "-" + version + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                var zip = new JarOutputStream(out)) {
            zip.putNextEntry(new JarEntry("META-INF/io.netty.versions.properties"));
            zip.write((artifact + ".version=" + version + "\n").getBytes(StandardCharsets.ISO_8859_1));
            zip.putNextEntry(new JarEntry(entry));
        }
        return jar;
    }
}
