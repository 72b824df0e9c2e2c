package io.lb4j.plugins.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.plugins.registry.Tar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives, right and wrong ones. */
final class ModuleTarTest {
    private static final byte[] MODULE = new byte[] {1, 2, 3};
    private static final byte[] OTHER = new byte[1000];
    private static final long LONGEST = 100_000;

    @ParameterizedTest
    @ValueSource(strings = {"plugin.wasm", "./plugin.wasm", "/plugin.wasm"})
    void theModuleIsFoundBesideOtherFiles(String name) throws IOException {
        byte[] plain = new Tar()
                .entry("folder/", '5', 0, new byte[0])
                .entry("pax", 'x', 19, "18 path=plugin.wasm".getBytes(StandardCharsets.US_ASCII))
                .file("other", OTHER)
                .file(name, MODULE)
                .plain();

        assertThat(ModuleTar.find(plain, LONGEST)).contains(MODULE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../plugin.wasm", "folder/plugin.wasm", "/../plugin.wasm", "plugin.wasm/", "PLUGIN.WASM"})
    void aFileOfAnotherNameIsNone(String name) throws IOException {
        assertThat(ModuleTar.find(new Tar().file(name, MODULE).packed(), LONGEST))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(chars = {'1', '2', '3', '5', '6'})
    void aLinkOrADeviceInItsPlaceIsRefused(char type) {
        byte[] archive = new Tar().entry("plugin.wasm", type, 0, new byte[0]).packed();

        assertThatThrownBy(() -> ModuleTar.find(archive, LONGEST))
                .hasMessage("malformed: layer: plugin.wasm is a link (expected: a file)");
    }

    @Test
    void aModuleOfAnySizeThatIsSaidIsNotBelieved() {
        byte[] archive = new Tar().entry("plugin.wasm", '0', LONGEST, MODULE).packed();
        byte[] large = new Tar().entry("plugin.wasm", '0', LONGEST + 1, MODULE).packed();

        assertThatThrownBy(() -> ModuleTar.find(archive, LONGEST)).hasMessageStartingWith("malformed: ");
        assertThatThrownBy(() -> ModuleTar.find(large, LONGEST)).hasMessageStartingWith("too_large: ");
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        byte[] plain = new Tar().file("other", OTHER).plain();
        byte[] packed =
                new Tar().file("other", OTHER).file("plugin.wasm", OTHER).packed();
        byte[] size = plain.clone();
        size[130] = 'x';

        assertThatThrownBy(() -> ModuleTar.find("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII), LONGEST))
                .hasMessageStartingWith("malformed: ");
        assertThatThrownBy(() -> ModuleTar.find(size, LONGEST)).hasMessageStartingWith("malformed: ");
        assertThatThrownBy(() -> ModuleTar.find(Arrays.copyOf(plain, 700), LONGEST))
                .hasMessageStartingWith("malformed: ");
        assertThatThrownBy(() -> ModuleTar.find(Arrays.copyOf(packed, packed.length - 20), LONGEST))
                .hasMessageStartingWith("malformed: ");
    }
}
