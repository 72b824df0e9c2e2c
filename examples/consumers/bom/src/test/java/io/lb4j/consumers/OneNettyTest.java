package io.lb4j.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OneNettyTest {

    private final Map<String, Version> artifacts = Version.identify(OneNettyTest.class.getClassLoader());

    @Test
    void allOfNettyHasOneVersion() {
        Set<String> versions = new HashSet<>();
        artifacts.values().forEach(version -> versions.add(version.artifactVersion()));

        assertThat(versions).as("versions among %s", artifacts).hasSize(1);
    }

    @Test
    void whatOnlyTheOtherLibraryBringsIsOfThatVersionToo() {
        assertThat(artifacts).containsKeys("netty-handler-proxy", "netty-codec-http2", "netty-codec-base");
        assertThat(artifacts.get("netty-handler-proxy").artifactVersion())
                .isEqualTo(artifacts.get("netty-common").artifactVersion());
    }
}
