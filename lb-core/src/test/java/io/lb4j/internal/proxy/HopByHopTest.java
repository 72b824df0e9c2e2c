package io.lb4j.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {
    private final Fields fields = new Fields().add("x-named", "1").add("keep-alive", "timeout=5");

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "Keep-Alive", "close", "CLOSE", "", "te", "not a token"})
    void removesOnlyTheConnectionsOwnFieldsWhereNoOtherIsNamed(String options) {
        fields.add("connection", options);

        HopByHop.strip(fields);

        assertThat(fields).hasToString("x-named: 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-named", "keep-alive, X-Named", "close,x-named,", " x-named\t,keep-alive"})
    void removesTheFieldsThatConnectionNames(String options) {
        fields.add("connection", options);

        HopByHop.strip(fields);

        assertThat(fields.isEmpty()).isTrue();
    }

    @Test
    void namesThatAreTakenFromConnectionTakeNothingMoreAway() {
        fields.add("connection", "X-Named, upgrade, close").add("upgrade", "websocket");

        HopByHop.stripNamed(fields);
        assertThat(fields).hasToString("keep-alive: timeout=5\nupgrade: websocket\nconnection: upgrade, close\n");
        fields.add("x-named", "ours");
        HopByHop.strip(fields);

        assertThat(fields).hasToString("x-named: ours\n");
    }

    @Test
    void readsEveryConnectionField() {
        fields.add("connection", "keep-alive").add("connection", "x-named");

        HopByHop.strip(fields);

        assertThat(fields.isEmpty()).isTrue();
    }
}
