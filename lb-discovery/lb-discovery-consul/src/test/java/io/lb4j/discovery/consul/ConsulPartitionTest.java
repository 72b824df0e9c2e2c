package io.lb4j.discovery.consul;

import io.lb4j.config.Part;
import io.lb4j.discovery.PartitionContract;
import io.lb4j.testkit.net.TcpRelay;
import io.lb4j.testkit.server.ConsulServer;
import java.net.InetSocketAddress;

/** A Consul behind a line that is cut. */
final class ConsulPartitionTest extends PartitionContract {
    @Override
    protected Registry start() {
        ConsulServer server = ConsulServer.start();
        Agent agent = new Agent(server.url());
        return new Registry() {
            @Override
            public InetSocketAddress address() {
                return server.address();
            }

            @Override
            public Part provider(TcpRelay line) {
                return Consul.at("http://127.0.0.1:" + line.port()).service("api");
            }

            @Override
            public void says(int port) {
                agent.register("api-1", "api", "\"Address\":\"127.0.0.1\",\"Port\":" + port);
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
