package io.lb4j.it.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.it.fixture.LoggedLines;
import io.lb4j.model.ProcessOptions.TlsEngine;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.tls.ClientTls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What does a balancer's TLS, as it says in its log. */
@Isolated // reads a log that all balancers of the process write
final class TlsEngineTest {
    @ParameterizedTest
    @EnumSource(
            value = TlsEngine.class,
            names = {"BORINGSSL", "JDK"})
    void isDoneByTheEngineThatIsAskedFor(TlsEngine engine) {
        try (LoggedLines lines = LoggedLines.of("io.lb4j.internal.control.EngineChoice");
                LoadBalancer lb = TlsTest.base(engine)
                        .listener(listener -> listener.port(0).tls(tls -> tls.selfSigned("a.test")))
                        .start();
                RawClient client =
                        RawClient.connect(lb.port(), ClientTls.trustAll().serverName("a.test"))) {
            assertThat(TlsTest.get(client, "a.test")).isEqualTo("hello");
            assertThat(lines.messages())
                    .singleElement()
                    .asString()
                    .startsWith("TLS by " + (engine == TlsEngine.JDK ? "the JDK" : "BoringSSL"));
        }
    }

    @Test
    void noEngineIsLookedForWhereNobodyDoesTls() {
        try (LoggedLines lines = LoggedLines.of("io.lb4j.internal.control.EngineChoice");
                LoadBalancer lb = TlsTest.base(TlsEngine.AUTO)
                        .listener(listener -> listener.port(0))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            assertThat(TlsTest.get(client, "a.test")).isEqualTo("hello");
            assertThat(lines.messages()).isEmpty();
        }
    }
}
