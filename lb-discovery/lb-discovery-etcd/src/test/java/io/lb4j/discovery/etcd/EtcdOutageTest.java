package io.lb4j.discovery.etcd;

import io.lb4j.config.Part;
import io.lb4j.discovery.OutageContract;
import io.lb4j.testkit.server.EtcdServer;
import java.util.List;

/** An etcd that is killed, and comes back with its data. */
final class EtcdOutageTest extends OutageContract {
    @Override
    protected Registry start() {
        EtcdServer server = EtcdServer.start();
        Keys keys = new Keys(server.url());
        return new Registry() {
            @Override
            public Part provider() {
                return Etcd.at(server.url()).service("api");
            }

            @Override
            public void says(List<Integer> ports) {
                for (int i = 0; i < ports.size(); i++) {
                    keys.put("/services/api/" + i, "127.0.0.1:" + ports.get(i));
                }
            }

            @Override
            public void kill() {
                server.kill();
            }

            @Override
            public void restart() {
                server.restart();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
