package io.lb4j.plugins.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of images. */
final class ImageReferenceTest {
    private static final String DIGEST = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oci://registry.example/plugins/auth:1.2",
                "oci://localhost:5000/a:latest",
                "oci://[::1]:5000/a__b/c-d/e.f:v1_0-rc.1",
                "oci://registry.example/auth@" + DIGEST,
                "oci://registry.example:443/auth:1@" + DIGEST
            })
    void anAddressIsReadAsItIsWritten(String text) {
        assertThat(ImageReference.parse(text)).hasToString(text);
        assertThat(ImageReference.parse(text.substring("oci://".length()))).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "auth",
                "auth:1",
                "oci://registry.example",
                "oci://registry.example/auth",
                "oci:///auth:1",
                "oci://registry.example/Auth:1",
                "oci://registry.example/../auth:1",
                "oci://registry.example/a//b:1",
                "oci://registry.example/auth:",
                "oci://registry.example/auth:-1",
                "oci://registry.example/auth:1 2",
                "oci://registry.example/auth@sha256:12",
                "oci://registry.example/auth@sha512:12",
                "oci://user:secret@registry.example/auth:1",
                "oci://registry.example:port/auth:1",
                "oci://-registry.example/auth:1",
                "https://registry.example/auth:1"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dockersHubHasNamesOfItsOwn() {
        ImageReference image = ImageReference.parse("oci://docker.io/library/auth:1");

        assertThat(RegistryAccess.usual().root(image)).hasToString("https://registry-1.docker.io");
        assertThat(image.credentialKey()).isEqualTo("index.docker.io");
    }

    @Test
    void onlyThisMachineIsAskedWithoutTls() {
        assertThat(root("localhost:5000")).isEqualTo("http://localhost:5000");
        assertThat(root("[::1]:5000")).isEqualTo("http://[::1]:5000");
        assertThat(root("127.0.0.1")).isEqualTo("http://127.0.0.1");
        assertThat(root("registry.example:5000")).isEqualTo("https://registry.example:5000");
        assertThat(root("localhost.example")).isEqualTo("https://localhost.example");
    }

    private static String root(String host) {
        return RegistryAccess.usual()
                .root(ImageReference.parse("oci://" + host + "/x:1"))
                .toString();
    }
}
