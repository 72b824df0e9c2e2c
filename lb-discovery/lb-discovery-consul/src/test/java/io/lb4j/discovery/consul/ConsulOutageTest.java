package io.lb4j.discovery.consul;

import io.lb4j.config.Part;
import io.lb4j.discovery.OutageContract;
import io.lb4j.testkit.server.ConsulServer;
import java.util.List;

/** A Consul that is killed, and comes back with an empty state. */
final class ConsulOutageTest extends OutageContract {
    @Override
    protected Registry start() {
        ConsulServer server = ConsulServer.start();
        Agent agent = new Agent(server.url());
        return new Registry() {
            @Override
            public Part provider() {
                return Consul.at(server.url()).service("api");
            }

            @Override
            public void says(List<Integer> ports) {
                for (int i = 0; i < ports.size(); i++) {
                    agent.register("api-" + i, "api", "\"Address\":\"127.0.0.1\",\"Port\":" + ports.get(i));
                }
            }

            @Override
            public void kill() {
                server.kill();
            }

            @Override
            public void restart() {
                server.restartEmpty();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
