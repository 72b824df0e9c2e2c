package io.lb4j.examples.spring;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Name;

/**
 * What {@code application.properties} and the command line say below {@code gateway}.
 *
 * @param port to listen on; 0 for one that is free
 * @param addresses who serves, as {@code host:port}, below {@code gateway.endpoints}
 * @param drain how long requests may go on when the application ends
 */
@ConfigurationProperties("gateway")
record GatewayProperties(int port, @Name("endpoints") List<String> addresses, Duration drain) {
    /** Copies the list. */
    GatewayProperties {
        addresses = List.copyOf(addresses);
    }

    /** Returns the addresses in their two parts. */
    List<InetSocketAddress> endpoints() {
        return addresses.stream()
                .map(address -> address.split(":", 2))
                .map(parts -> InetSocketAddress.createUnresolved(parts[0], Integer.parseInt(parts[1])))
                .toList();
    }
}
