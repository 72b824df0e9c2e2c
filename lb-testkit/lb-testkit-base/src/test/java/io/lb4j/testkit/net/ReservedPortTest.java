package io.lb4j.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ReservedPortTest {
    @Test
    void refusesConnectionsUntilSomeoneListens() throws IOException {
        try (ReservedPort port = ReservedPort.any()) {
            assertThatThrownBy(() -> new Socket(ReservedPort.loopback(), port.port()))
                    .isInstanceOf(IOException.class);
            try (ServerSocket server = new ServerSocket()) {
                server.setReuseAddress(true);
                server.bind(port.address());
                try (Socket client = new Socket(ReservedPort.loopback(), port.port())) {
                    assertThat(client.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void isNotGivenToWhoAsksForAnyPort() throws IOException {
        try (ReservedPort port = ReservedPort.any()) {
            for (int i = 0; i < 200; i++) {
                try (ServerSocket other = new ServerSocket(0, 1, ReservedPort.loopback())) {
                    assertThat(other.getLocalPort()).isNotEqualTo(port.port());
                }
            }
        }
    }

    @Test
    void canBeListenedOnAgainAndAgain() throws IOException {
        try (ReservedPort port = ReservedPort.any()) {
            for (int i = 0; i < 3; i++) {
                try (ServerSocket server = new ServerSocket()) {
                    server.setReuseAddress(true);
                    server.bind(port.address());
                    try (Socket client = new Socket(ReservedPort.loopback(), port.port());
                            Socket accepted = server.accept()) {
                        // The server's side closes first and leaves a TIME_WAIT behind, as a restarted server does.
                        accepted.shutdownOutput();
                        assertThat(client.getInputStream().read()).isEqualTo(-1);
                    }
                }
            }
        }
    }
}
