package io.lb4j.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class UnfitFieldsTest {
    private static final byte[] OCTETS = "x-a: 1\r\nx-B: \u0001".getBytes(StandardCharsets.ISO_8859_1);
    private final Fields fields = new Fields().add("x-first", "1");

    @Test
    void findsWhatCameUnjudgedAfterTheMark() {
        fields.markFit();
        assertThat(fields.findUnfit()).isEqualTo(-1);
        fields.add("x-second", "\u00ff\t2");
        assertThat(fields.findUnfit()).isEqualTo(-1);

        fields.addValidated(OCTETS, 0, 3, 5, OCTETS.length - 5, false);
        assertThat(fields.findUnfit()).isEqualTo(2);
    }

    @Test
    void looksAtNamesAndValues() {
        fields.addValidated(OCTETS, 8, 3, 0, 0, false);
        assertThat(fields.findUnfit()).isEqualTo(1);
        fields.removeAt(1);
        fields.addValidated(OCTETS, 0, 0, 0, 0, false);
        assertThat(fields.findUnfit()).isEqualTo(1);
        fields.removeAt(1);
        fields.addValidated(OCTETS, 0, 3, OCTETS.length - 1, 1, false);
        assertThat(fields.findUnfit()).isEqualTo(1);
    }

    @Test
    void whatWasClearedIsJudgedAnew() {
        fields.markFit();
        fields.clear();
        fields.addValidated(OCTETS, 0, 3, OCTETS.length - 1, 1, false);

        assertThat(fields.findUnfit()).isZero();
    }

    @Test
    void aCopyIsJudgedAsAWhole() {
        fields.addValidated(OCTETS, 0, 3, OCTETS.length - 1, 1, false);
        fields.markFit();

        assertThat(fields.copy().findUnfit()).isEqualTo(1);
    }
}
